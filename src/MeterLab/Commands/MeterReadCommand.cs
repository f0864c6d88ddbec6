using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement.Meters;

namespace MeterLab.Cli.Commands;

/// <summary><c>meter read URI</c>: every channel and quantity of a meter, once.</summary>
internal static class MeterReadCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var uri = UriArgument();
        var command = new Command("read", "reads every channel of a meter once") { uri };
        return host.Reading(command, (arguments, session, cancellationToken) =>
            RunAsync(ChosenMeter.Find(session, arguments.GetRequiredValue(uri)), session, cancellationToken));
    }

    /// <summary>The argument that names a meter.</summary>
    public static Argument<string> UriArgument() =>
        new("URI") { Description = "a meter's address, for instance modbus-tcp://10.0.0.20:502/1?model=eastron-sdm630, or its name in the rig file" };

    private static async Task<int> RunAsync(ChosenMeter chosen, Session session, CancellationToken cancellationToken)
    {
        var services = session.Services;
        var meter = await services.Meters.OpenAsync(chosen.Uri, chosen.Name, cancellationToken).ConfigureAwait(false);
        await using (meter.ConfigureAwait(false))
        {
            var identity = await meter.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            var readings = await meter.ReadAsync(cancellationToken).ConfigureAwait(false);
            var document = MeterReadDocument.Of(chosen, meter, identity, services.Clock.Anchor().UtcNs, readings);
            session.Show(document, text => Write(text, document, chosen.Words, meter.Facts.Caveats));
        }

        return ExitCode.Success;
    }

    private static void Write(TextWriter text, MeterReadDocument document, string? rig, IReadOnlyList<MeterCaveat> caveats)
    {
        var identity = document.Identity;
        var what = new[] { identity.Vendor, identity.Model, Labelled("serial", identity.Serial), Labelled("firmware", identity.Firmware) };
        text.WriteLine(Failures.Plain($"{document.Model} at {document.Uri}"));
        text.WriteLine(Failures.Plain($"{string.Join(", ", what.OfType<string>())}; read at {document.Time}"));
        if (identity.Settings is { } settings)
            text.WriteLine(Failures.Plain($"{settings}{(identity.AutoRange ? " (the range is chosen automatically: fix it before a run)" : "")}"));
        if (rig is not null)
            text.WriteLine(Failures.Plain(rig));
        text.WriteLine();
        var table = new TextTable("channel", "quantity", "value", "u (k=1)", "by", "flags");
        foreach (var row in document.Readings)
            table.Add(row.Channel, row.Quantity, Figures.Of(row.Value, row.Unit), Figures.Of(row.U, row.Unit, 2), row.UFrom, string.Join(' ', row.Flags));
        table.Write(text);
        if (caveats.Count > 0)
            text.WriteLine();
        foreach (var caveat in caveats)
            text.WriteLine(Failures.Plain($"known of this model: {caveat.Text} ({caveat.Source})"));
    }

    private static string? Labelled(string label, string? text) => text is null ? null : $"{label} {text}";
}
