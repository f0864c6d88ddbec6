using System.CommandLine;
using System.Text.Json;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement.Quantities;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Commands;

/// <summary>
/// <c>meter watch URI</c>: reads a meter again and again, a line a reading, until interrupted or for <c>--seconds</c>. With
/// <c>--json</c> the document is one array of what <c>meter read</c> gives, closed however the watching ends.
/// </summary>
internal static class MeterWatchCommand
{
    private static readonly JsonSerializerOptions OneLine = new(ResultsJson.Options) { WriteIndented = false };

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var uri = MeterReadCommand.UriArgument();
        var seconds = Options.Seconds("--seconds", "stop after so many seconds (default: when interrupted)");
        var interval = Options.Time("--interval", "time between readings, with its unit (default: 1s)");
        var command = new Command("watch", "reads a meter again and again") { uri, seconds, interval };
        return host.Reading(command, (arguments, session, cancellationToken) => RunAsync(
            ChosenMeter.Find(session, arguments.GetRequiredValue(uri)),
            arguments.GetValue(seconds) is { } s ? TimeSpan.FromSeconds(s) : null,
            arguments.GetValue(interval) ?? TimeSpan.FromSeconds(1),
            session,
            cancellationToken));
    }

    private static async Task<int> RunAsync(
        ChosenMeter chosen, TimeSpan? duration, TimeSpan interval, Session session, CancellationToken cancellationToken)
    {
        var services = session.Services;
        var meter = await services.Meters.OpenAsync(chosen.Uri, chosen.Name, cancellationToken).ConfigureAwait(false);
        await using (meter.ConfigureAwait(false))
        {
            var identity = await meter.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            if (chosen.Words is { } words)
                session.Note(words);
            var output = session.Stream();
            var count = 0;
            if (session.Json)
                output.Write('[');
            try
            {
                var started = services.Time.GetTimestamp();
                for (var next = TimeSpan.Zero; duration is null || next < duration; next += interval)
                {
                    // Each reading has its place on a grid; one that took too long is followed at once, not in a burst.
                    var wait = next - services.Time.GetElapsedTime(started);
                    if (wait > TimeSpan.Zero)
                        await Task.Delay(wait, services.Time, cancellationToken).ConfigureAwait(false);
                    else if (-wait > interval)
                        next -= wait;
                    var readings = await meter.ReadAsync(cancellationToken).ConfigureAwait(false);
                    var document = MeterReadDocument.Of(chosen, meter, identity, services.Clock.Anchor().UtcNs, readings);
                    if (session.Json)
                        output.Write((count++ == 0 ? "\n" : ",\n") + JsonSerializer.Serialize(document, OneLine));
                    else
                        WriteLine(output, document);
                    await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                }
            }
            finally
            {
                if (session.Json)
                    output.WriteLine(count == 0 ? "]" : "\n]");
            }
        }

        return ExitCode.Success;
    }

    // Power of every channel; a meter without power shows what it has.
    private static void WriteLine(TextWriter output, MeterReadDocument document)
    {
        var power = document.Readings.Where(row => row.Quantity == QuantityNames.NameOf(Quantity.ActivePower)).ToList();
        var shown = power.Count > 0 ? power : document.Readings;
        var figures = shown.Select(row => $"{row.Channel} {Figures.Of(row.Value, row.Unit)}{(row.Flags.Count > 0 ? $" [{string.Join(' ', row.Flags)}]" : "")}");
        output.WriteLine(Failures.Plain($"{document.Time}  {string.Join("  ", figures)}"));
    }
}
