using System.CommandLine;
using System.Text;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Cli.Traces;
using MeterLab.Measurement;
using MeterLab.Measurement.Energy;
using MeterLab.MeterDrivers;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Commands;

/// <summary>
/// <c>energy TRACE.csv --model MODEL</c>: the energy of windows of any recorded trace, by the arithmetic that campaigns are reconciled with.
/// </summary>
internal static class EnergyCommand
{
    private const double ExpandedFactor = 2;

    // How far an energy is known is what this command tells; only a campaign needs a limit to it.
    private static readonly ValidityLimits Limits = ValidityLimits.Default with { UncertaintyInvalid = double.PositiveInfinity };

    private sealed record Request(string Trace, string Model, IReadOnlyList<(long FromNs, long ToNs)> Windows, long EdgeNs, long LagNs);

    private sealed record WindowDocument(
        string From, string To, bool Valid, double? EnergyJ, double? UncertaintyJ, double K, double? Coverage, double? LongestGapS,
        IReadOnlyList<BudgetRow> Budget, IReadOnlyList<FindingRow> Findings);

    private sealed record Document(IReadOnlyList<WindowDocument> Windows);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var trace = new Argument<string>("TRACE.csv") { Description = "the trace: time and active_power_w, energy_import_j, or both" };
        var model = new Option<string>("--model")
        {
            Description = "the meter's model, a path to its profile, or a chip with its shunt: 'ina226?shunt=2mohm&max-current=20A&bus-voltage=12V'",
            HelpName = "MODEL",
            Required = true,
        };
        var from = new Option<string?>("--from") { Description = "the window's start: UTC, ISO 8601 or Unix seconds", HelpName = "T" };
        var to = new Option<string?>("--to") { Description = "the window's end", HelpName = "T" };
        var windows = new Option<string?>("--windows") { Description = "many windows: a CSV file with the columns from,to", HelpName = "FILE" };
        var edge = Options.Nanoseconds(
            "--edge-uncertainty", signed: false, "how far the trace's clock may be off the windows', expanded (k = 2): both edges shift together");
        var lag = Options.Nanoseconds("--lag", signed: true, "how late the trace is beyond the meter's known delay; its uncertainty belongs to --edge-uncertainty");
        var command = new Command("energy", "the energy of windows of any recorded trace, with its uncertainty") { trace, model, from, to, windows, edge, lag };
        return host.Reading(command, (arguments, session, cancellationToken) => Task.FromResult(Run(
            new Request(
                arguments.GetRequiredValue(trace),
                arguments.GetRequiredValue(model),
                Windows(arguments.GetValue(from), arguments.GetValue(to), arguments.GetValue(windows)),
                arguments.GetValue(edge),
                arguments.GetValue(lag)),
            session,
            cancellationToken)));
    }

    private static int Run(Request request, Session session, CancellationToken cancellationToken)
    {
        var facts = new ModelLibrary(session.Services.Meters).Find(request.Model);
        var stretch = (From: request.Windows.Min(w => w.FromNs) + request.LagNs, To: request.Windows.Max(w => w.ToNs) + request.LagNs);
        var trace = new TraceEnergy(TraceCsv.Read(request.Trace, stretch.From, stretch.To, cancellationToken), facts);
        var rows = new List<WindowDocument>(request.Windows.Count);
        foreach (var (fromNs, toNs) in request.Windows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A late trace shows the window's power later: the window moves, not millions of samples.
            var window = new RunWindow(fromNs + request.LagNs, toNs + request.LagNs, request.EdgeNs / ExpandedFactor);
            rows.Add(Row(fromNs, toNs, trace.Of(window, Limits)));
        }

        session.Show(new Document(rows), text => Write(text, rows));
        return rows.TrueForAll(row => row.Valid) ? ExitCode.Success : ExitCode.NotValid;
    }

    private static IReadOnlyList<(long FromNs, long ToNs)> Windows(string? from, string? to, string? file)
    {
        if (file is not null)
        {
            return from is null && to is null
                ? WindowsCsv.Read(file)
                : throw new ConfigurationException("--windows names the windows already; leave out --from and --to");
        }

        if (from is null || to is null)
            throw new ConfigurationException("no window is named; write --from T --to T, or --windows FILE.csv");
        var window = (Moment("--from", from), Moment("--to", to));
        return window.Item2 > window.Item1 ? [window] : throw new ConfigurationException($"--to {to}: the window ends before it starts ({from})");
    }

    private static long Moment(string option, string text) => CsvTime.TryParse(Encoding.UTF8.GetBytes(text), out var ns)
        ? ns
        : throw new ConfigurationException($"{option}: '{text}' is no time; {CsvTime.Right}");

    private static WindowDocument Row(long fromNs, long toNs, EnergyTotal total) => new(
        Figures.Utc(fromNs, 9),
        Figures.Utc(toNs, 9),
        total.Valid,
        total.EnergyJ,
        total.UncertaintyJ,
        total.K,
        total.EnergyJ is null ? null : total.Coverage,
        total.EnergyJ is null ? null : total.LongestGapS,
        BudgetRow.Of(total.Budget),
        [.. total.Findings.Select(FindingRows.Of)]);

    private static void Write(TextWriter text, List<WindowDocument> rows)
    {
        var table = new TextTable("from", "to", "energy", "U (95 %)", "k", "coverage", "longest gap", "largest source", "valid");
        foreach (var row in rows)
        {
            table.Add(
                row.From, row.To, Figures.Of(row.EnergyJ, "J"), Figures.Of(row.UncertaintyJ, "J", 2), Figures.Of(row.K, "", 3),
                Figures.Percent(row.Coverage * 100, 4), Figures.Of(row.LongestGapS, "s", 3), row.Budget is [var largest, ..] ? largest.Source : null, row.Valid ? "yes" : "NO");
        }

        table.Write(text);
        foreach (var row in rows)
        {
            foreach (var finding in row.Findings)
                text.WriteLine(Failures.Plain($"{row.From}: {finding.Rule}: {finding.Detail}"));
        }
    }
}
