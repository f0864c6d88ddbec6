using System.CommandLine;
using System.Globalization;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement;
using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Scanning;

namespace MeterLab.Cli.Commands;

/// <summary><c>meter scan PLACE</c>: which meters are on a line, a bus or a host. Reads only.</summary>
internal static class MeterScanCommand
{
    private sealed record CandidateRow(string Uri, string Model, string Certainty, IReadOnlyList<string> Why, IdentityRow? Identity);

    private sealed record AnswerRow(string Place, IReadOnlyList<CandidateRow> Candidates, IReadOnlyList<string> Notes);

    private sealed record Document(string Place, int Asked, IReadOnlyList<AnswerRow> Answers, IReadOnlyList<string> Notes);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var place = new Argument<string>("PLACE")
        {
            Description = "an address without unit and model: modbus-rtu:///dev/ttyUSB0?baud=9600, modbus-tcp://10.0.0.20, i2c://1, scpi://…, http://…, snmp://COMMUNITY@…",
        };
        var units = new Option<string>("--units") { Description = "the units to ask on a Modbus line", HelpName = "1-32", DefaultValueFactory = _ => "1-32" };
        var timeout = Options.Time("--timeout", "how long to wait for each answer (default: 500ms on a serial line, 1s on a network)");
        return host.Reading(
            new Command("scan", "looks which meters are on a line, a bus or a host; reads only") { place, units, timeout },
            (arguments, session, cancellationToken) =>
            {
                var (first, last) = Units(arguments.GetRequiredValue(units));
                var request = new ScanRequest(MeterUri.Parse(arguments.GetRequiredValue(place)))
                {
                    FirstUnit = first,
                    LastUnit = last,
                    Timeout = arguments.GetValue(timeout),
                };
                return RunAsync(request, session, cancellationToken);
            });
    }

    private static async Task<int> RunAsync(ScanRequest request, Session session, CancellationToken cancellationToken)
    {
        var report = await session.Services.Meters.ScanAsync(request, new SessionNotes(session), cancellationToken).ConfigureAwait(false);
        var document = new Document(
            request.Place.ToString(),
            report.Asked,
            [.. report.Answers.Select(answer => new AnswerRow(answer.Place, [.. answer.Candidates.Select(Row)], answer.Notes))],
            report.Notes);
        session.Show(document, text => Write(text, document));
        return ExitCode.Success;
    }

    private static CandidateRow Row(ScanCandidate candidate) => new(
        candidate.Uri,
        candidate.Model,
        candidate.Certainty.ToString().ToLowerInvariant(),
        candidate.Why,
        candidate.Identity is { } who ? new IdentityRow(who.Vendor, who.Model, who.Serial, who.Firmware, who.Settings, who.AutoRange) : null);

    private static void Write(TextWriter text, Document document)
    {
        var table = new TextTable("place", "model", "how sure", "serial", "address");
        foreach (var answer in document.Answers)
        {
            if (answer.Candidates.Count == 0)
                table.Add(answer.Place, "-", "unknown", null, null);
            foreach (var row in answer.Candidates)
                table.Add(answer.Place, row.Model, row.Certainty, row.Identity?.Serial, row.Uri);
        }

        if (document.Answers.Count > 0)
            table.Write(text);
        foreach (var answer in document.Answers)
        {
            text.WriteLine();
            foreach (var row in answer.Candidates)
                text.WriteLine(Failures.Plain($"{answer.Place} {row.Model}: {string.Join("; ", row.Why)}"));
            foreach (var note in answer.Notes)
                text.WriteLine(Failures.Plain($"{answer.Place}: {note}"));
        }

        foreach (var note in document.Notes)
            text.WriteLine(note);
        text.WriteLine($"{document.Answers.Count} of {document.Asked} asked places answered; nothing was written to any of them.");
    }

    private static (int First, int Last) Units(string text)
    {
        var ends = text.Split('-');
        if (ends.Length is 1 or 2 && Number(ends[0]) is { } first && Number(ends[^1]) is { } last)
            return (first, last);
        throw new ConfigurationException($"--units: '{text}' is no unit and no range of units; 1-32 or 7 is right");

        static int? Number(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
