using MeterLab.Measurement.Clocks;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Clocks;

/// <summary>Machines whose clocks are off by every offset and rate of the table, probed side by side as a campaign would.</summary>
public sealed class FakeTimeBench : IAsyncLifetime
{
    private readonly Dictionary<(double OffsetS, double Ppm), Seen> _seen = [];

    /// <summary>Offset (s) and rate (ppm) of every machine.</summary>
    public static TheoryData<double, double> Clocks { get; } =
        new MatrixTheoryData<double, double>([-3600, -0.05, 0, 3.7], [-500, 0, 500]);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (FakeTimeSshd.Missing is not null)
            return;
        var token = TestContext.Current.CancellationToken;
        var machines = new List<(double OffsetS, double Ppm, FakeTimeMachine Machine)>();
        try
        {
            // One after the other: a dozen key exchanges at once would keep two processors busy for seconds.
            foreach (var (offsetS, ppm) in Clocks.Select(row => row.Data))
                machines.Add((offsetS, ppm, await FakeTimeMachine.OpenAsync(await FakeTimeSshd.StartAsync(offsetS, ppm, token), token)));
            foreach (var seen in await Task.WhenAll(machines.Select(m => ProbeAsync(m.OffsetS, m.Ppm, m.Machine, token))))
                _seen.Add((seen.OffsetS, seen.Ppm), seen);
        }
        finally
        {
            foreach (var (_, _, machine) in machines)
                await machine.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What was seen of one machine; skips the test where there is none.</summary>
    internal Seen Of(double offsetS, double ppm)
    {
        Assert.SkipWhen(FakeTimeSshd.Missing is not null, FakeTimeSshd.Missing ?? "");
        return _seen[(offsetS, ppm)];
    }

    private static async Task<Seen> ProbeAsync(double offsetS, double ppm, FakeTimeMachine machine, CancellationToken cancellationToken)
    {
        var probes = new List<SyncObservation>();
        var truths = new List<ClockTruth>();
        for (var third = 0; third < 3; third++)
        {
            if (third > 0)
                truths.Add(await machine.TruthAsync(cancellationToken));
            probes.AddRange(await FakeTimeMachine.ProbeAsync(machine.Clock, 4, third + (int)offsetS + (int)ppm, cancellationToken));
        }

        return new Seen(offsetS, ppm, ClockFit.Fit(probes, ClockId.Target("box")), truths, FakeTimeMachine.Host.Anchor());
    }

    /// <summary>A machine's fit and the truth.</summary>
    internal sealed record Seen(double OffsetS, double Ppm, ClockFitResult Fit, IReadOnlyList<ClockTruth> Truths, HostAnchor Anchor)
    {
        /// <summary>The fitted clock against the lab host's UTC at the first truth, s.</summary>
        public double OffsetFromHostS =>
            (Fit.Segments[0].Map(Truths[0].Moment).Nanoseconds - Truths[0].Moment.Nanoseconds - (Anchor.UtcNs - Anchor.MonotonicNs)) * 1e-9;

        /// <summary>The rate by the first and the last truth, ppm.</summary>
        public double TrueRatePpm
        {
            get
            {
                double line = Truths[^1].Moment - Truths[0].Moment;
                return (Truths[^1].RemoteNs - Truths[0].RemoteNs - line) / line * 1e6;
            }
        }

        /// <summary>What the two truths leave open of it, ppm.</summary>
        public double RateDoubtPpm => (Truths[0].DoubtNs + Truths[^1].DoubtNs) / (Truths[^1].Moment - Truths[0].Moment) * 1e6;
    }
}
