namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>
/// Unwraps the device's time stamps, which tell microseconds modulo 1024 only. Sets follow one another at a steady spacing, so
/// that a step which differs from it shows a loss; how many whole turns of 1024 us the loss took, the host's clock tells: the arrivals'
/// least latency of each second is steady to far better than a turn, although single arrivals are not. A loss that happens
/// to look like a regular step is found the same way, within a second.
/// </summary>
internal sealed class PowerSensor3Clock
{
    private const int Turn = 1024;
    private const long TurnNs = Turn * 1000L;
    private const long WindowNs = 1_000_000_000;
    private const int LearningSets = 32;

    private long _deviceUs;
    private int _lastStamp;
    private int _lastStep;
    private int _alike;
    private bool _running;
    private bool _hasLine;
    private double _spacingUs;
    private int _learned;

    private bool _anchored;
    private bool _settled;
    private long _latencyNs;
    private double _excessNs;
    private long _windowEndNs;
    private long _windowLeastNs;
    private long _turnsOwed;

    /// <summary>The last set's time on the device's clock, ns, without wraps; starts at its first stamp.</summary>
    internal long DeviceNs => _deviceUs * 1000;

    /// <summary>Time between sets as learned from the stream, ns; 0 before enough were seen.</summary>
    internal double SpacingNs => _learned >= LearningSets ? _spacingUs * 1000 : 0;

    /// <summary>What is between this set and the one before.</summary>
    /// <param name="Lost">Sets lost, at least; 0 where the two follow one another.</param>
    /// <param name="Jumped">Whether the clock was set by the host's, and not by its stamps alone.</param>
    internal readonly record struct Step(long Lost, bool Jumped);

    /// <summary>Starts anew after the device went away: its clock goes on where the host's says it must be by now.</summary>
    internal void Restart()
    {
        _running = false;
        _learned = 0;
        _turnsOwed = 0;
    }

    /// <summary>
    /// Takes the next set. <paramref name="arrivedNs"/> is the host's time of the read that brought it, <paramref name="after"/> how many sets
    /// the same read brought after it: those show how old it is.
    /// </summary>
    internal Step Next(int stamp, long arrivedNs, int after, bool damaged)
    {
        if (!_running)
            return Begin(stamp, arrivedNs, after);
        var step = (stamp - _lastStamp) & (Turn - 1);
        _lastStamp = stamp;
        Learn(step);
        if (_turnsOwed == 0 && (SpacingNs == 0 || (!damaged && IsRegular(step))))
        {
            // Too early to know the spacing, a step is followed and not judged.
            _deviceUs += step;
            return damaged ? new Step(1, true) : default;
        }

        return Jump(step, arrivedNs, after);
    }

    /// <summary>Tells that a read has been taken in whole: its last set is as fresh as any.</summary>
    internal void EndRead(long arrivedNs)
    {
        if (!_running)
            return;
        var latency = arrivedNs - DeviceNs;
        if (!_anchored)
        {
            (_anchored, _settled, _latencyNs, _excessNs) = (true, false, latency, 0);
            OpenWindow(arrivedNs);
        }

        // Until a window has closed the least latency so far is the best there is.
        if (!_settled)
            _latencyNs = Math.Min(_latencyNs, latency);
        _windowLeastNs = Math.Min(_windowLeastNs, latency);
        _excessNs += (Math.Clamp(latency - _latencyNs, 0, 4 * TurnNs) - _excessNs) / 16;
        if (arrivedNs >= _windowEndNs)
            CloseWindow(arrivedNs);
    }

    private Step Begin(int stamp, long arrivedNs, int after)
    {
        var first = !_hasLine;
        _hasLine = true;
        // A device that came back is put on its old line by the host's clock, to within the latency's scatter.
        var expected = first ? stamp : (arrivedNs - _latencyNs) / 1000 - (long)(after * _spacingUs);
        var turns = Math.Max(first ? 0 : (_deviceUs - stamp) / Turn + 1, (long)Math.Round((expected - stamp) / (double)Turn));
        var before = _deviceUs;
        _deviceUs = turns * Turn + stamp;
        _lastStamp = stamp;
        _running = true;
        _anchored = false;
        return first ? default : new Step(Math.Max(1, LostIn(_deviceUs - before)), true);
    }

    private Step Jump(int step, long arrivedNs, int after)
    {
        long turns;
        if (_turnsOwed != 0)
        {
            turns = _turnsOwed;
            _turnsOwed = 0;
        }
        else
        {
            var expectedNs = arrivedNs - _latencyNs - _excessNs - after * _spacingUs * 1000;
            turns = Math.Max(0, (long)Math.Round((expectedNs - (_deviceUs + step) * 1000.0) / TurnNs));
        }

        var elapsed = step + turns * Turn;
        _deviceUs += elapsed;
        // Latencies from before the jump say nothing about what comes after it.
        OpenWindow(arrivedNs);
        return new Step(Math.Max(1, LostIn(elapsed)), true);
    }

    // Stamps are whole microseconds, taken by a processor that has other things to do as well.
    private bool IsRegular(int step) => Math.Abs(step - _spacingUs) <= 4 + 0.01 * _spacingUs;

    private void Learn(int step)
    {
        _alike = Math.Abs(step - _lastStep) <= 4 + step / 100 ? _alike + 1 : 0;
        _lastStep = step;
        if (_alike == 0)
            return;
        // The spacing was learned from something else, or the device has changed its rate.
        if (_alike >= LearningSets && !IsRegular(step))
            (_spacingUs, _learned) = (step, LearningSets);
        // The mean of the first, then a slow average that follows the crystals.
        if (_learned < LearningSets || IsRegular(step))
        {
            _learned = Math.Min(_learned + 1, 4096);
            _spacingUs += (step - _spacingUs) / _learned;
        }
    }

    private long LostIn(long elapsedUs) => _spacingUs > 0 ? (long)Math.Round(elapsedUs / _spacingUs) - 1 : 0;

    private void OpenWindow(long nowNs) => (_windowEndNs, _windowLeastNs) = (nowNs + WindowNs, long.MaxValue);

    private void CloseWindow(long nowNs)
    {
        var turns = (long)Math.Round((_windowLeastNs - _latencyNs) / (double)TurnNs);
        // Within a window two crystals drift apart by a small part of a turn, which is followed.
        if (turns == 0 || !_settled)
            _latencyNs = _windowLeastNs;
        else
            _turnsOwed = turns;
        _settled = true;
        OpenWindow(nowNs);
    }
}
