namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// Knows when the conversions of a free-running chip ended, and whether one was missed. A look tells only that a conversion ended since
/// the look before; but conversions follow each other at the even beat of one oscillator, so each look narrows what was known. All
/// statements are brackets that hold the truth, no estimates. No allocation; one owner.
/// </summary>
internal sealed class ConversionTracker
{
    // An oscillator drifts with temperature: the period is learnt anew after so many beats, and may have moved by so much.
    private const int BeatsOfMemory = 256;
    private const double DriftOfMemory = 2e-4;

    private double _typicalNs;
    private double _shortestNs;
    private double _longestNs;
    private double _minimumNs;
    private double _maximumNs;
    private long _lowNs;
    private long _highNs;
    private long _anchorLowNs;
    private long _anchorHighNs;
    private long _beats;
    private bool _running;

    /// <summary>The longest that a conversion takes, as far as is known, ns.</summary>
    internal double LongestPeriodNs => _maximumNs;

    /// <summary>Starts anew: other settings, or a chip that stopped.</summary>
    internal void Restart(double typicalSeconds, double slowest)
    {
        _typicalNs = typicalSeconds * 1e9;
        _shortestNs = _typicalNs / slowest;
        _longestNs = _typicalNs * slowest;
        _running = false;
        Forget();
    }

    /// <summary>
    /// A conversion ended in (<paramref name="lowNs"/>, <paramref name="highNs"/>]; narrows the two. Returns how many others ended between
    /// it and the last one taken; where that is open, the larger number.
    /// </summary>
    internal long Take(ref long lowNs, ref long highNs)
    {
        // The newest result is never older than a period.
        lowNs = Math.Max(lowNs, highNs - (long)Math.Ceiling(_maximumNs));
        if (!_running)
        {
            Anchor(lowNs, highNs);
            return 0;
        }

        // A nanosecond of slack for the rounding of the brackets.
        var fewest = Math.Max(1, (long)Math.Ceiling((lowNs - _highNs - 1) / _maximumNs));
        var most = (long)Math.Floor((highNs - _lowNs + 1) / _minimumNs);
        if (fewest > most)
        {
            // The beat is not what it was: nothing learnt counts any more.
            Forget();
            Anchor(lowNs, highNs);
            return 0;
        }

        lowNs = Math.Max(lowNs, _lowNs + (long)Math.Floor(fewest * _minimumNs));
        highNs = Math.Min(highNs, _highNs + (long)Math.Ceiling(most * _maximumNs));
        // After a long pause it may be open which of two conversions this is: the bracket holds both, and nothing is learnt.
        if (fewest == most)
            Learn(lowNs, highNs, most);
        else
            Anchor(lowNs, highNs);
        return most - 1;
    }

    private void Learn(long low, long high, long beats)
    {
        (_lowNs, _highNs) = (low, high);
        _beats += beats;
        _minimumNs = Math.Max(_minimumNs, (low - _anchorHighNs) / (double)_beats);
        _maximumNs = Math.Min(_maximumNs, (high - _anchorLowNs) / (double)_beats);
        if (_minimumNs > _maximumNs)
        {
            Forget();
            Anchor(low, high);
        }

        if (_beats < BeatsOfMemory)
            return;
        _minimumNs = Math.Max(_shortestNs, _minimumNs * (1 - DriftOfMemory));
        _maximumNs = Math.Min(_longestNs, _maximumNs * (1 + DriftOfMemory));
        Anchor(low, high);
    }

    private void Forget() => (_minimumNs, _maximumNs) = (_shortestNs, _longestNs);

    private void Anchor(long low, long high)
    {
        (_lowNs, _highNs, _anchorLowNs, _anchorHighNs) = (low, high, low, high);
        _beats = 0;
        _running = true;
    }
}
