using System.Globalization;

using MeterLab.Measurement.Clocks;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Clocks;

/// <summary>Clocks that are off and drift, over a real sshd, against the truth read in the shifted sessions themselves.</summary>
[Collection(RealTime.Name)]
public sealed class FakeTimeTests(FakeTimeBench bench) : IClassFixture<FakeTimeBench>
{
    [Theory]
    [MemberData(nameof(FakeTimeBench.Clocks), MemberType = typeof(FakeTimeBench))]
    public void Offset_and_rate_are_found_within_what_is_stated(double offsetS, double ppm)
    {
        var seen = bench.Of(offsetS, ppm);
        var map = Assert.Single(seen.Fit.Segments);
        Assert.Empty(seen.Fit.Steps);
        Assert.InRange(seen.OffsetFromHostS, offsetS - 0.1, offsetS + 0.1);
        foreach (var truth in seen.Truths)
        {
            var stated = 2 * map.UncertaintyNsAt(truth.Moment);
            Assert.True(stated <= 1_000_000, Say($"the stated offset uncertainty is {stated * 1e-3:0} us"));
            var error = Math.Abs(truth.ErrorOf(map)) - truth.DoubtNs;
            Assert.True(error <= Math.Max(200_000, stated), Say($"off by {error * 1e-3:0} us, stated {stated * 1e-3:0} us"));
        }

        var rateStated = 2e6 * map.RateUncertainty;
        var rateError = Math.Abs(map.Rate * 1e6 - seen.TrueRatePpm) - seen.RateDoubtPpm;
        Assert.Equal(ppm, seen.TrueRatePpm, 10.0);
        Assert.True(rateError <= Math.Max(20, rateStated), Say($"the rate is off by {rateError:0.0} ppm, stated {rateStated:0.0} ppm"));
        TestContext.Current.TestOutputHelper?.WriteLine(Say(
            $"rate off by {map.Rate * 1e6 - seen.TrueRatePpm:0.0} ppm, stated {rateStated:0.0}; offset off by {string.Join(", ", seen.Truths.Select(t => Say($"{t.ErrorOf(map) * 1e-3:0}")))} us, stated {2e-3 * map.OffsetUncertaintyNs:0}; {seen.Fit.Probes} probes, quickest {seen.Fit.MinRoundTripNs * 1e-3:0} us"));
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
