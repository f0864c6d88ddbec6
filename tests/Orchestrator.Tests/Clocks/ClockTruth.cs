using System.Globalization;

using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Targets;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Clocks;

/// <summary>What the shifted clock really showed: read in a session between two readings of the line that host and target share.</summary>
internal readonly record struct ClockTruth(long BeforeNs, long RemoteNs, long AfterNs)
{
    /// <summary>The middle of the bracket on the lab's line.</summary>
    public ClockReading Moment => new(ClockId.HostMonotonic, BeforeNs + (AfterNs - BeforeNs) / 2);

    /// <summary>What the truth itself leaves open, ns.</summary>
    public double DoubtNs => (AfterNs - BeforeNs) / 2.0;

    /// <summary>Starts the program that tells it, in a session of its own.</summary>
    public static Task<ITargetChannel> OpenAsync(ITarget target, CancellationToken cancellationToken) =>
        target.OpenChannelAsync(FakeTimeSshd.Truth, cancellationToken);

    /// <summary>Reads it.</summary>
    public static async Task<ClockTruth> ReadAsync(ITargetChannel channel, CancellationToken cancellationToken)
    {
        var reply = await channel.ExchangeAsync("", TimeSpan.FromSeconds(30), cancellationToken);
        var numbers = reply.Line.Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        // The two lines are one only on this machine; anything else would make the test meaningless.
        Assert.InRange(numbers[0], reply.BeforeNs, reply.AfterNs);
        return new ClockTruth(numbers[0], numbers[1], numbers[2]);
    }

    /// <summary>How far a map is off, ns: mapped minus true.</summary>
    public double ErrorOf(ClockMap map) => map.Map(Moment).Nanoseconds - RemoteNs;
}
