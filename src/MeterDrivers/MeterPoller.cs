using System.Runtime.CompilerServices;

using MeterLab.Measurement;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers;

/// <summary>
/// Polls one meter on a schedule that does not drift, and is the one place where exchanges are repeated: once or as often as its
/// user says, at once, and then the sample is lost. A dead link is reopened with growing pauses, 0.1 to 5 s; a silent device on a
/// line that others use is only asked more seldom. Every loss is counted, reported, and flagged as <see cref="SampleFlags.Gap"/> on the
/// next sample. Without faults it allocates nothing a sample.
/// </summary>
/// <remarks>
/// An exchange that takes longer than the interval is no loss: the next begins at once, on the same grid, and the stamps tell the
/// true spacing. <see cref="AcquisitionStatistics.Lost"/> counts the slots of the schedule that a failure left empty.
/// </remarks>
internal sealed class MeterPoller
{
    private const int SilencesBeforeReopening = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly IPolledSource _source;
    private readonly MeterEnvironment _environment;
    private readonly AcquisitionStatistics _statistics;
    private readonly ISampleSink _sink;
    private readonly RawSample[] _samples;
    private TimeSpan _pause = FirstPause;
    private readonly int _retries;
    private int _failures;
    private bool _gap;

    /// <summary>Creates a poller of <paramref name="traces"/> traces; it runs once.</summary>
    public MeterPoller(IPolledSource source, int traces, MeterEnvironment environment, AcquisitionStatistics statistics, ISampleSink sink, int retries = 1)
    {
        _retries = retries;
        _source = source;
        _environment = environment;
        _statistics = statistics;
        _sink = sink;
        _samples = new RawSample[traces];
    }

    /// <summary>Polls until cancelled, which is the normal end and does not throw.</summary>
    public async Task RunAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        var time = _environment.Time;
        using var delay = new ReusableDelay(time);
        var start = time.GetTimestamp();
        var slot = 0L;
        try
        {
            while (true)
            {
                await delay.UntilAsync(start + Ticks(slot), cancellationToken).ConfigureAwait(false);
                var failure = await PollAsync(cancellationToken).ConfigureAwait(false);
                if (failure is not null && NeedsReopening(failure))
                    await RecoverAsync(failure, delay, cancellationToken).ConfigureAwait(false);
                var next = Math.Max(slot + 1, SlotAt(time.GetTimestamp() - start));
                if (failure is not null)
                    _statistics.CountLost(next - slot);
                slot = next;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The normal end.
        }

        long Ticks(long slots) => (long)((Int128)slots * interval.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond);

        long SlotAt(long ticks) => (long)((Int128)ticks * TimeSpan.TicksPerSecond / ((Int128)interval.Ticks * time.TimestampFrequency));
    }

    /// <summary>Takes one sample of every trace; null, or why they are lost.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<MeterLabException?> PollAsync(CancellationToken cancellationToken)
    {
        var flags = SampleFlags.None;
        for (var tries = 1; ; tries++)
        {
            MeterLabException failure;
            try
            {
                _statistics.CountExchange();
                if (await _source.SampleAsync(_samples, cancellationToken).ConfigureAwait(false))
                    Deliver(flags);
                _failures = 0;
                _pause = FirstPause;
                return null;
            }
            catch (Exception e) when (e is LinkException or MeterException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                failure = (MeterLabException)e;
                _statistics.CountFailure(e);
            }

            // A line that has been silent for a while gets one try a slot: others may be waiting for it.
            if (tries > _retries || IsDead(failure) || _failures >= SilencesBeforeReopening)
            {
                _gap = true;
                _failures++;
                Report(AcquisitionEventKind.Lost, failure.Message);
                return failure;
            }

            flags = SampleFlags.Retried;
            _statistics.CountRetry();
            Report(AcquisitionEventKind.Retry, failure.Message);
        }
    }

    private void Deliver(SampleFlags flags)
    {
        if (_gap)
            flags |= SampleFlags.Gap;
        _gap = false;
        for (var trace = 0; trace < _samples.Length; trace++)
        {
            var sample = _samples[trace];
            _sink.Accept(trace, sample with { Flags = sample.Flags | flags });
        }
    }

    // A meter that refuses is there; a wire that stays silent may have lost its other end without a word.
    private bool NeedsReopening(MeterLabException failure) =>
        IsDead(failure) || (failure is LinkException && _failures >= SilencesBeforeReopening);

    private static bool IsDead(MeterLabException failure) =>
        failure is LinkException { Failure: not (LinkFailure.TimedOut or LinkFailure.Corrupt) };

    // A device that alone is silent on a line that works is given a rest, which also gives the line to the others.
    private async ValueTask RecoverAsync(MeterLabException cause, ReusableDelay delay, CancellationToken cancellationToken)
    {
        if (IsDead(cause) || !_source.IsLineAlive)
        {
            await ReopenAsync(cause, delay, cancellationToken).ConfigureAwait(false);
            return;
        }

        _statistics.CountBackOff();
        await PauseAsync(delay, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask PauseAsync(ReusableDelay delay, CancellationToken cancellationToken)
    {
        var time = _environment.Time;
        var until = time.GetTimestamp() + ReusableDelay.ToTimestamp(_pause, time);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        return delay.UntilAsync(until, cancellationToken);
    }

    private async ValueTask ReopenAsync(MeterLabException cause, ReusableDelay delay, CancellationToken cancellationToken)
    {
        Report(AcquisitionEventKind.Disconnected, cause.Message);
        var told = cause.Message;
        while (true)
        {
            await PauseAsync(delay, cancellationToken).ConfigureAwait(false);
            try
            {
                await _source.ReopenAsync(cancellationToken).ConfigureAwait(false);
                _statistics.CountReconnection();
                Report(AcquisitionEventKind.Reconnected, "the link is open again");
                return;
            }
            catch (Exception e) when (e is LinkException or MeterException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                // Once each reason, not once each try.
                if (e.Message != told)
                    Report(AcquisitionEventKind.Disconnected, e.Message);
                told = e.Message;
            }
        }
    }

    private void Report(AcquisitionEventKind kind, string detail) =>
        _sink.Report(new AcquisitionEvent(kind, _environment.Clock.MonotonicNs, detail));
}
