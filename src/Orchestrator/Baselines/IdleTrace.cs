using MeterLab.Measurement;
using MeterLab.Measurement.Samples;
using MeterLab.Measurement.Statistics;
using MeterLab.Orchestrator.Acquisition;
using MeterLab.Storage;
using MeterLab.Storage.Traces;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>The power of a target in one scope, read back out of the store, while it is being recorded or afterwards: what is judged is what is kept.</summary>
internal sealed class IdleTrace
{
    private readonly Store _store;
    private readonly IReadOnlyList<TraceRecord> _traces;
    private readonly RigRecorder? _recorder;
    private readonly HashSet<Finding> _findings = [];

    /// <summary>These traces, one for each channel; with the recorder that still writes them, if one does.</summary>
    public IdleTrace(Store store, IReadOnlyList<TraceRecord> traces, RigRecorder? recorder = null)
    {
        (_store, _traces, _recorder) = (store, traces, recorder);
        BinSeconds = PowerBins.WidthFor(_traces.Select(trace => Math.Max(trace.Description.Response.UpdatePeriodSeconds, trace.Description.IntervalSeconds)));
    }

    /// <summary>The traces of these channels in a recorder that has been started.</summary>
    public static IdleTrace Of(Store store, RigRecorder recorder, IReadOnlyCollection<ChannelId> channels) => new(
        store,
        [
            .. recorder.Meters.SelectMany(meter => meter.Inputs).Select(input => store.Traces.Find(input.Trace)!)
                .Where(trace => trace.Description.Quantity == Measurement.Quantities.Quantity.ActivePower && channels.Contains(trace.Description.Channel)),
        ],
        recorder);

    /// <summary>Width of a bin, s.</summary>
    public double BinSeconds { get; }

    /// <summary>The traces' ids.</summary>
    public IReadOnlyList<long> Ids => [.. _traces.Select(trace => trace.Id)];

    /// <summary>What was found broken in the recordings so far.</summary>
    public IReadOnlyCollection<Finding> Findings => _findings;

    /// <summary>The bins of a stretch. Throws what ended a meter or the storing.</summary>
    public async Task<PowerBins> BinsAsync(long fromNs, long toNs, CancellationToken cancellationToken) =>
        PowerBins.Of(await SeriesAsync(fromNs, toNs, cancellationToken).ConfigureAwait(false), fromNs, toNs, BinSeconds);

    /// <summary>The idle level of a stretch, and how many bins it lacks; null where the stretch holds too little to tell.</summary>
    public async Task<(IdleLevel Level, PowerBins Bins)?> LevelAsync(long fromNs, long toNs, CancellationToken cancellationToken)
    {
        var series = await SeriesAsync(fromNs, toNs, cancellationToken).ConfigureAwait(false);
        var bins = PowerBins.Of(series, fromNs, toNs, BinSeconds);
        if (bins.Watts.Length < IdleLevel.Fewest)
            return null;
        var channels = series.Select((one, i) => new ChannelLevel(
            PowerBins.Of([one], fromNs, toNs, BinSeconds).Watts.DefaultIfEmpty(0).Average(), _traces[i].Description.Accuracy, one.Resolution, Scatter(one, fromNs, toNs)));
        return (IdleLevel.Of(bins.Watts, [.. channels]), bins);
    }

    // Of the readings as the meter rounded them, not of the bins that are means over several.
    private static double Scatter(PowerSeries series, long fromNs, long toNs)
    {
        var first = Math.Max(0, series.FirstEndingAtOrAfter(fromNs));
        var end = first;
        while (end < series.Count && series.EndNs[end] <= toNs)
            end++;
        return ReadingScatter.Of(series.Watts[first..end]);
    }

    private async Task<IReadOnlyList<PowerSeries>> SeriesAsync(long fromNs, long toNs, CancellationToken cancellationToken)
    {
        if (_recorder is not null)
        {
            _recorder.ThrowIfFailed();
            await _recorder.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        var series = new List<PowerSeries>(_traces.Count);
        foreach (var trace in _traces)
        {
            var damage = new List<Finding>();
            // A little before, so that the first value has its predecessor; a little after, for a meter that is late.
            var pad = (long)(2e9 * Math.Max(trace.Description.Response.UpdatePeriodSeconds, trace.Description.IntervalSeconds));
            var samples = _store.Traces.Samples(trace.Id, fromNs - pad, toNs + pad, damage);
            var one = UpdateSeries.FromRaw(trace.Description, [.. samples]);
            _findings.UnionWith(damage);
            series.Add(one);
        }

        return series;
    }
}
