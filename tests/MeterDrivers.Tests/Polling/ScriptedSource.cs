using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Tests.Polling;

/// <summary>A polled source whose every try is scripted by its number, from 0.</summary>
internal sealed class ScriptedSource(Func<int, Exception?> outcome) : IPolledSource
{
    public int Tries { get; private set; }

    public int Reopenings { get; private set; }

    /// <summary>What reopening does, by its number from 0; null succeeds.</summary>
    public Func<int, Exception?> Reopening { get; init; } = _ => null;

    public Action OnTry { get; init; } = () => { };

    public ValueTask<bool> SampleAsync(Memory<RawSample> samples, CancellationToken cancellationToken)
    {
        OnTry();
        if (outcome(Tries++) is { } failure)
            return ValueTask.FromException<bool>(failure);
        for (var i = 0; i < samples.Length; i++)
            samples.Span[i] = new RawSample(1, 2, 0, Tries, SampleFlags.None);
        return ValueTask.FromResult(true);
    }

    public ValueTask ReopenAsync(CancellationToken cancellationToken) =>
        Reopening(Reopenings++) is { } failure ? ValueTask.FromException(failure) : ValueTask.CompletedTask;
}
