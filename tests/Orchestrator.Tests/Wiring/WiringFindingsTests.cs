using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Wiring;

namespace MeterLab.Orchestrator.Tests.Wiring;

/// <summary>What channels do under a load is told as what is wrong with the wiring.</summary>
public sealed class WiringFindingsTests
{
    [Fact]
    public void A_rig_that_is_wired_as_it_says_has_no_finding() => Assert.Empty(Rules(
        Fed("wall/total", 45, 0.5), Fed("check/total", 45.4, 0.5), Other("wall/l1", 45, 0.5), Other("wall/l2", 0.1, 0.3)));

    [Fact]
    public void A_channel_that_falls_is_reversed() => Assert.Equal(["wiring-reversed"], Rules(Fed("wall/total", -45, 0.5)));

    [Fact]
    public void A_neighbour_that_moves_instead_is_swapped() =>
        Assert.Equal(["wiring-swapped", "wiring-stranger"], Rules(Fed("wall/l1", 0.1, 0.3), Other("wall/l2", 45, 0.5)));

    [Fact]
    public void A_channel_that_stands_still_is_not_wired_to_the_target() =>
        Assert.Equal(["wiring-still"], Rules(Fed("wall/total", 45, 0.5), Fed("gpu/ch1", 0.01, 0.1, Scope.GpuDc)));

    [Theory]
    [InlineData(225, "wiring-ratio")]
    [InlineData(9, "wiring-ratio")]
    [InlineData(48, "meters-disagree")]
    public void Meters_in_series_that_see_different_steps_disagree(double second, string rule) =>
        Assert.Equal([rule], Rules(Fed("wall/total", 45, 0.1), Fed("check/total", second, 0.1)));

    [Fact]
    public void Another_meter_that_moves_is_said() => Assert.Equal(["wiring-stranger"], Rules(Fed("wall/total", 45, 0.5), Other("pdu/outlet-3", 44, 0.5)));

    private static IEnumerable<string> Rules(params WiringChannel[] channels) => WiringFindings.Of("node1", channels).Select(finding => finding.Rule);

    private static WiringChannel Fed(string channel, double step, double u, Scope scope = Scope.WallAc) => Channel(channel, scope, step, u);

    private static WiringChannel Other(string channel, double step, double u) => Channel(channel, null, step, u);

    private static WiringChannel Channel(string channel, Scope? scope, double step, double u)
    {
        var parts = channel.Split('/');
        return new WiringChannel(new ChannelId(parts[0], parts[1]), scope, step, u, 100, 0.01);
    }
}
