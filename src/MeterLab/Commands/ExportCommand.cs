using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Traces;
using MeterLab.Measurement;
using MeterLab.Measurement.Samples;
using MeterLab.Storage;

namespace MeterLab.Cli.Commands;

/// <summary>
/// <c>export RUN/METER/CHANNEL --out FILE</c>: the power of one channel in and around one run. As <c>meter record</c> writes it: the
/// model's known delay is removed, a lag that was measured is not.
/// </summary>
internal static class ExportCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var what = new Argument<string>("RUN/METER/CHANNEL") { Description = "what to export, for instance classify-03/wall/total" };
        var output = new Option<string>("--out") { Description = "the file to write: .csv or .parquet", HelpName = "FILE", Required = true };
        var margin = Options.Time("--margin", "how much before and after the run, with its unit (default: 5s)");
        return host.Acting(
            new Command("export", "the trace of one channel in one run as a file") { what, output, margin },
            (arguments, session, cancellationToken) => RunAsync(
                arguments.GetRequiredValue(what), arguments.GetRequiredValue(output), arguments.GetValue(margin) ?? TimeSpan.FromSeconds(5),
                session, cancellationToken));
    }

    private static async Task<int> RunAsync(string what, string path, TimeSpan margin, Session session, CancellationToken cancellationToken)
    {
        if (what.Split('/') is not [{ Length: > 0 } name, { Length: > 0 } meter, { Length: > 0 } channelName])
            throw new ConfigurationException($"'{what}' is no trace; write RUN/METER/CHANNEL, for instance classify-03/wall/total");
        TraceFile.Check(path);
        using var store = session.OpenStoreForReading();
        var (campaign, run) = StoredCampaign.FindRun(store, name);
        if (run is not { Start: { } start, End: { } end })
            throw new StoreException(StoreFailure.NotFound, $"run {run.Run} has no window: it never started or ended");
        var channel = new ChannelId(meter, channelName);
        var findings = new List<Finding>();
        var marginNs = margin.Ticks * 100;
        var power = campaign.Power(channel, ReportFiles.UtcNs(start) - marginNs, ReportFiles.UtcNs(end) + marginNs, null, findings);
        if (power is not { } found)
        {
            if (store.Pruning.WordsOf(campaign.Record.Id) is { } pruned)
                throw new StoreException(StoreFailure.NotFound, $"run {run.Run} has no samples to export. {pruned}");
            var known = store.Traces.OfCampaign(campaign.Record.Id).Select(trace => trace.Description.Channel.ToString()).Distinct();
            throw new StoreException(
                StoreFailure.NotFound, $"nothing was recorded of {channel} in run {run.Run}; there is: {string.Join(", ", known)}");
        }

        var times = new long[found.Series.Count];
        for (var i = 0; i < times.Length; i++)
            times[i] = found.Line.ToUtcNs(found.Series.EndNs[i]);
        await TraceFile.WriteAsync(path, new TraceTable(TraceTable.ActivePower, times, found.Series.Watts.ToArray()), cancellationToken).ConfigureAwait(false);
        session.Note($"{path}: {times.Length} values of {channel} in {run.Run}");
        foreach (var finding in findings.Concat(found.Series.Findings))
            session.Note($"{finding.Rule}: {finding.Detail}");
        return ExitCode.Success;
    }
}
