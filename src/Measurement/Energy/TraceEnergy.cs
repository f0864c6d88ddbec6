using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.Measurement.Energy;

/// <summary>
/// The energy of windows of a recorded trace whose meter is known by its data sheet: from the power, from the meter's own energy register,
/// or from both. Each window costs only its own neighbourhood, so a trace may be as long as memory allows.
/// </summary>
public sealed class TraceEnergy
{
    // Around a window so many values are looked at: they tell how the load moves there.
    private const int Neighbourhood = 200;

    // Counts may be rare.
    private const int RegisterNeighbourhood = 2000;

    // Rows closer than this share of the update period are polls of a value that is held.
    private const double PollShare = 0.7;

    private readonly TraceColumns _trace;
    private readonly MeterFacts _meter;
    private readonly double _spacing;

    /// <summary>Takes a trace and its meter; the trace must not grow any more.</summary>
    public TraceEnergy(TraceColumns trace, MeterFacts meter)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(meter);
        _trace = trace;
        _meter = meter;
        _spacing = UsualSpacing(trace.EndNs);
    }

    /// <summary>The energy of a window, with its budget and findings.</summary>
    public EnergyTotal Of(RunWindow window, ValidityLimits limits)
    {
        var total = Reconciled(window, limits);
        var findings = new List<Finding>(total.Findings);
        if (_trace.NotLater > 0)
            findings.Add(new Finding("time-order", Severity.Warning, $"{_trace.NotLater} rows of the trace did not come later than the one before; they were left out."));
        if (_meter.AccuracyLacks is { } lacks && total.UncertaintyJ is not null)
            findings.Add(new Finding("accuracy-partial", Severity.Warning, $"The uncertainty lacks {lacks}."));
        return total with { Findings = findings };
    }

    private EnergyTotal Reconciled(RunWindow window, ValidityLimits limits)
    {
        var (first, last) = Neighbours(window, Neighbourhood);
        var power = _trace.HasPower
            ? PowerIntegrator.Integrate(Series(first, last), window, _meter.Accuracy.GetValueOrDefault(Quantity.ActivePower), limits)
            : null;
        if (!_trace.HasRegister)
            return power!;
        (first, last) = Neighbours(window, RegisterNeighbourhood);
        var (times, joules, stampNs) = UpdateSeries.RegisterFromReadings(
            _trace.EndNs[first..last], _trace.Joules[first..last], _meter.Response with { DelaySeconds = 0 }, IsPolled ? _spacing : 0, 0);
        var register = RegisterIntegrator.Integrate(
            times, joules, _meter.Resolution.GetValueOrDefault(Quantity.EnergyImport), window.WithStamp(stampNs),
            _meter.Accuracy.GetValueOrDefault(Quantity.EnergyImport), limits);
        return power is null ? register : TwoWitnesses.Of(power, register);
    }

    private bool IsPolled => _spacing < PollShare * _meter.Response.UpdatePeriodSeconds;

    private PowerSeries Series(int first, int last)
    {
        var response = _meter.Response with { DelaySeconds = 0 };
        var resolution = _meter.Resolution.GetValueOrDefault(Quantity.ActivePower);
        var ends = _trace.EndNs[first..last];
        var watts = _trace.Watts[first..last];
        if (IsPolled)
            return UpdateSeries.FromReadings(ends, watts, [], response, _spacing, 0, resolution);
        // A meter's own crystal and firmware decide about its rate: where a value is nominally the mean of a whole period, it is so at the real one.
        var whole = response.AveragingSeconds >= 0.99 * response.UpdatePeriodSeconds && _spacing < 1.3 * response.UpdatePeriodSeconds;
        var averaging = whole ? response.AveragingSeconds * _spacing / response.UpdatePeriodSeconds : response.AveragingSeconds;
        return PowerSeries.Create(ends, watts, [], Math.Max(_spacing, whole ? 0 : response.UpdatePeriodSeconds), averaging, response.Shape, 0, resolution);
    }

    private (int First, int Last) Neighbours(RunWindow window, int reach)
    {
        var ends = _trace.EndNs;
        var first = ends.BinarySearch(window.StartNs);
        var last = ends.BinarySearch(window.EndNs);
        return (Math.Max(0, (first < 0 ? ~first : first) - reach), Math.Min(ends.Length, (last < 0 ? ~last : last) + reach));
    }

    // The median of spacings, of some thousand spread over the trace.
    private static double UsualSpacing(ReadOnlySpan<long> endNs)
    {
        const int Most = 20_000;
        if (endNs.Length < 2)
            return 1;
        var step = Math.Max(1, endNs.Length / Most);
        var spacings = new List<long>();
        for (var i = 1; i < endNs.Length; i += step)
            spacings.Add(endNs[i] - endNs[i - 1]);
        spacings.Sort();
        return spacings[spacings.Count / 2] * 1e-9;
    }
}
