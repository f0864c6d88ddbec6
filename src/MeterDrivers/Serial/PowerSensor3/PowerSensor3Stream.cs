using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>
/// Turns the bytes of one acquisition into samples: parses sets, puts them on the device's clock, and gives the asked traces to the sink,
/// each set by itself or in means. Allocates nothing a set.
/// </summary>
internal sealed class PowerSensor3Stream
{
    private readonly PowerSensor3Parser _parser = new();
    private readonly PowerSensor3Clock _clock = new();
    private readonly PowerSensor3Pair[] _pairs;
    private readonly int[] _asked;
    private readonly int _average;
    private readonly AcquisitionStatistics _statistics;
    private readonly ISampleSink _sink;
    private readonly double[] _sums;
    private readonly SampleFlags[] _flags;
    private int _summed;
    private SampleFlags _pending;

    /// <summary>
    /// Creates a stream; <paramref name="asked"/> are indices of traces: the pairs in their order, then the total. <paramref name="average"/>
    /// sets make one sample.
    /// </summary>
    internal PowerSensor3Stream(
        PowerSensor3Pair[] pairs, IReadOnlyList<int> asked, int average, AcquisitionStatistics statistics, ISampleSink sink)
    {
        _pairs = pairs;
        _asked = [.. asked];
        _average = average;
        _statistics = statistics;
        _sink = sink;
        _sums = new double[pairs.Length + 1];
        _flags = new SampleFlags[pairs.Length + 1];
    }

    /// <summary>The device went away and is back: its clock and its frames begin anew.</summary>
    internal void Restart()
    {
        _parser.Reset();
        _clock.Restart();
        _summed = 0;
        _pending |= SampleFlags.Gap | SampleFlags.Resynchronised;
    }

    /// <summary>
    /// Takes what one read brought, and returns how many sets ended in it. The bracket is the end of the read before, when nothing was
    /// waiting, and the end of this one.
    /// </summary>
    internal int Take(ReadOnlySpan<byte> bytes, long beforeNs, long afterNs)
    {
        var sets = 0;
        while (_parser.TryNext(ref bytes))
        {
            sets++;
            var step = _clock.Next(_parser.Stamp, afterNs, bytes.Length / PowerSensor3Parser.SetLength, _parser.Damaged);
            if (step.Jumped || _parser.Damaged)
                Lose(step, afterNs);
            if (_parser.Marker)
                _pending |= SampleFlags.Marker;
            if (_average == 1)
                Deliver(beforeNs, afterNs);
            else
                Add(beforeNs, afterNs);
        }

        if (sets > 0)
        {
            _statistics.CountExchange(sets);
            _clock.EndRead(afterNs);
        }

        return sets;
    }

    private void Lose(PowerSensor3Clock.Step step, long nowNs)
    {
        // A mean of sets from both sides of a hole would be a mean over an unknown time.
        var lost = step.Lost + _summed;
        _summed = 0;
        _statistics.CountLost(lost);
        _statistics.CountResynchronisation();
        _pending |= SampleFlags.Gap | SampleFlags.Resynchronised;
        _sink.Report(new AcquisitionEvent(
            AcquisitionEventKind.Resynchronised, nowNs, $"the stream was out of step and found its frame again; {lost} sets or more are lost"));
    }

    private void Deliver(long beforeNs, long afterNs)
    {
        var levels = _parser.Levels;
        var deviceNs = _clock.DeviceNs;
        for (var i = 0; i < _asked.Length; i++)
        {
            var trace = _asked[i];
            SampleFlags flags;
            long code;
            if (trace < _pairs.Length)
                (code, flags) = (_pairs[trace].CodeOf(levels), _pairs[trace].FlagsOf(levels));
            else
                (code, flags) = (BitConverter.DoubleToInt64Bits(Total(levels, out var any)), any);
            _sink.Accept(i, new RawSample(beforeNs, afterNs, deviceNs, code, flags | _pending));
        }

        _pending = SampleFlags.None;
    }

    private double Total(ReadOnlySpan<ushort> levels, out SampleFlags flags)
    {
        var watts = 0.0;
        flags = SampleFlags.None;
        foreach (var pair in _pairs)
        {
            watts += pair.AmperesOf(levels) * pair.VoltsOf(levels);
            flags |= pair.FlagsOf(levels);
        }

        return watts;
    }

    private void Add(long beforeNs, long afterNs)
    {
        if (_summed == 0)
        {
            Array.Clear(_sums);
            Array.Clear(_flags);
        }

        var levels = _parser.Levels;
        for (var i = 0; i < _pairs.Length; i++)
        {
            var watts = _pairs[i].AmperesOf(levels) * _pairs[i].VoltsOf(levels);
            var flags = _pairs[i].FlagsOf(levels);
            _sums[i] += watts;
            _flags[i] |= flags;
            _sums[^1] += watts;
            _flags[^1] |= flags;
        }

        if (++_summed < _average)
            return;
        for (var i = 0; i < _asked.Length; i++)
        {
            var code = BitConverter.DoubleToInt64Bits(_sums[_asked[i]] / _summed);
            _sink.Accept(i, new RawSample(beforeNs, afterNs, _clock.DeviceNs, code, _flags[_asked[i]] | _pending));
        }

        _summed = 0;
        _pending = SampleFlags.None;
    }
}
