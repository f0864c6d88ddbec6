using System.Globalization;

namespace MeterLab.VirtualRig.Tests.Baselines;

/// <summary>A baseline's load steps: the one thing about baselines that needs the processors for itself.</summary>
[Collection(RealTime.Name)]
public sealed class LoadStepTests
{
    [Fact]
    public async Task Load_steps_give_a_second_idle_power()
    {
        await using var bench = new BaselineBench();
        var run = await bench.MeasureAsync(BaselineBench.Quick with
        {
            AtLeast = TimeSpan.FromSeconds(3), AtMost = TimeSpan.FromSeconds(3), LoadSteps = true, LoadStep = TimeSpan.FromSeconds(6),
        });

        var words = Assert.Single(run.Findings, finding => finding.Rule == "load-steps");
        TestContext.Current.TestOutputHelper?.WriteLine(words.Detail);
        // One processor gives one step, and two that others have taken give the same one twice: then it is said that this is too few.
        if (run.PowerCurve is not { } curve)
        {
            Assert.EndsWith("load steps could be measured; two different ones are needed to extrapolate.", words.Detail, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(curve.Steps.Select(step => step.Workers).Distinct().Count(), curve.Steps.Count);
        Assert.Contains(curve.ExtrapolatedW.ToString("0.0", CultureInfo.InvariantCulture), words.Detail, StringComparison.Ordinal);
    }
}
