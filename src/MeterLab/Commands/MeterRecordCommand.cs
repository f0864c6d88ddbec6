using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Cli.Rendering.Traces;
using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;

namespace MeterLab.Cli.Commands;

/// <summary>
/// <c>meter record URI --seconds S --out FILE</c>: the power of one channel as a file. What was recorded until an interruption is
/// written too.
/// </summary>
internal static class MeterRecordCommand
{
    // 40 bytes a sample and as much again for the arithmetic: about 2 GB, or 25 minutes at 20 kHz.
    private const int MaxSamples = 30_000_000;

    private sealed record Request(ChosenMeter Meter, TimeSpan Duration, string Path, string? Channel, TimeSpan? Interval);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var uri = MeterReadCommand.UriArgument();
        var seconds = Options.Seconds("--seconds", "how long");
        seconds.Required = true;
        var output = new Option<string>("--out") { Description = "the file to write: .csv or .parquet", HelpName = "FILE", Required = true };
        var channel = new Option<string?>("--channel") { Description = "the channel (default: total, or the only one)", HelpName = "NAME" };
        var interval = Options.Time("--interval", "time between polls, with its unit (default: the rig file's for this meter, or the model's own)");
        var command = new Command("record", "records the power of one channel into a file") { uri, seconds, output, channel, interval };
        return host.Acting(command, (arguments, session, cancellationToken) => RunAsync(
            new Request(
                ChosenMeter.Find(session, arguments.GetRequiredValue(uri)),
                TimeSpan.FromSeconds(arguments.GetValue(seconds)!.Value),
                arguments.GetRequiredValue(output),
                arguments.GetValue(channel),
                arguments.GetValue(interval)),
            session,
            cancellationToken));
    }

    private static async Task<int> RunAsync(Request request, Session session, CancellationToken cancellationToken)
    {
        TraceFile.Check(request.Path);
        var services = session.Services;
        var meter = await services.Meters.OpenAsync(request.Meter.Uri, request.Meter.Name, cancellationToken).ConfigureAwait(false);
        await using (meter.ConfigureAwait(false))
        {
            await meter.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            var index = FindTrace(meter, request.Channel);
            var description = request.Meter.Describe(meter.Traces[index]);
            var polls = request.Interval ?? request.Meter.Rig?.Interval;
            if (polls is { } interval && description.IntervalSeconds > 0)
                description = description with { IntervalSeconds = interval.TotalSeconds };
            if (request.Meter.Words is { } words)
                session.Note(words);
            var buffer = new SampleBuffer(MaxSamples);
            var before = services.Clock.Anchor();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var timer = services.Time.CreateTimer(_ => stop.Cancel(), null, request.Duration, Timeout.InfiniteTimeSpan);
            var title = $"recording {description.Channel.Channel} of {meter.Uri} for {request.Duration.TotalSeconds:G6} s";
            await LiveBar.ShowAsync(
                session.Terminal, title, request.Duration, services.Time,
                meter.AcquireAsync(new AcquisitionRequest([index], polls), buffer, stop.Token)).ConfigureAwait(false);
            var line = new HostTimeLine([before, services.Clock.Anchor()]);
            await WriteAsync(request, description, buffer, line, session).ConfigureAwait(false);
            NoteLoss(session, meter, buffer);
        }

        return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;
    }

    private static int FindTrace(IMeter meter, string? channel)
    {
        var power = meter.Traces.Index().Where(pair => pair.Item.Quantity == Quantity.ActivePower).ToList();
        if (power.Count == 0)
            throw new ConfigurationException($"{meter.Uri}: this meter has no active power to record");
        var names = power.Select(pair => pair.Item.Channel.Channel).ToArray();
        var wanted = channel ?? (names.Length == 1 ? names[0] : "total");
        foreach (var (index, trace) in power)
        {
            if (trace.Channel.Channel == wanted)
                return index;
        }

        throw new ConfigurationException(channel is null
            ? $"{meter.Uri}: this meter has several channels; name one with --channel: {string.Join(", ", names)}"
            : $"{meter.Uri}: there is no channel '{channel}'; {Nearest.Suggest(channel, names)}");
    }

    private static async Task WriteAsync(
        Request request, TraceDescription description, SampleBuffer buffer, HostTimeLine line, Session session)
    {
        var series = UpdateSeries.FromRaw(description, buffer.ToArray());
        if (series.Count == 0)
        {
            throw new LinkException(
                LinkFailure.TimedOut, $"{request.Meter.Uri}: no sample came in {request.Duration.TotalSeconds:G6} s{Last(buffer)}; nothing was written");
        }

        var times = new long[series.Count];
        for (var i = 0; i < times.Length; i++)
            times[i] = line.ToUtcNs(series.EndNs[i]);
        // Not the command's token: what was recorded before an interruption is kept.
        var table = new TraceTable(TraceTable.ActivePower, times, series.Watts.ToArray());
        await TraceFile.WriteAsync(request.Path, table, CancellationToken.None).ConfigureAwait(false);
        session.Note($"{request.Path}: {series.Count} values from {buffer.Count} readings");
        foreach (var finding in series.Findings)
            session.Note($"{finding.Rule}: {finding.Detail}");
    }

    private static void NoteLoss(Session session, IMeter meter, SampleBuffer buffer)
    {
        var wire = meter.Statistics;
        if (wire.Retries + wire.Lost + wire.Reconnections + wire.Resynchronisations > 0)
        {
            session.Note($"on the wire: {wire.Retries} retries, {wire.Lost} samples lost, {wire.Reconnections} reconnections, "
                + $"{wire.Resynchronisations} resynchronisations; {wire.Timeouts} tries timed out, {wire.Corrupted} came damaged, {wire.Refusals} were refused, "
                + $"{wire.LateReplies} late answers dropped, {wire.BackOffs} pauses for a silent device{Last(buffer)}");
        }

        if (buffer.Beyond > 0)
            session.Note($"the last {buffer.Beyond} readings did not fit into memory and are not in the file; record for a shorter time");
    }

    private static string Last(SampleBuffer buffer) => buffer.LastEvent is { } detail ? $" (last: {detail})" : "";
}
