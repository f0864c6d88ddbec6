using MeterLab.Orchestrator.Reconciliation;

namespace MeterLab.Orchestrator.Tests.Validity;

public sealed class IdleDriftTests
{
    private const double OwnW = 0.1;

    [Fact]
    public void A_drift_is_followed_and_a_constant_level_is_left_alone()
    {
        var random = new Random(5);
        var constant = 0;
        for (var i = 0; i < 200; i++)
        {
            var level = IdleDrift.Of(Points(random, 12, _ => 50));
            constant += level.Law == "constant" ? 1 : 0;
            var line = IdleDrift.Of(Points(random, 12, minutes => 50 + 0.05 * minutes));
            Assert.NotEqual("constant", line.Law);
            Assert.InRange(line.ChangeW, 5.5 - 0.6, 5.5 + 0.6);
        }

        // Two tests at 5 % and about 1 %.
        Assert.InRange(constant, 200 * 0.88, 200);
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("linear")]
    [InlineData("wave")]
    [InlineData("scatter")]
    public void The_true_level_between_stretches_lies_within_what_is_stated(string kind)
    {
        var random = new Random(7);
        var (inside, total) = (0, 0);
        for (var i = 0; i < 300; i++)
        {
            var phase = 6 * random.NextDouble();
            var scatter = Enumerable.Range(0, 24).Select(_ => 0.4 * Normal(random)).ToArray();
            Func<double, double> truth = kind switch
            {
                "constant" => _ => 60,
                "linear" => minutes => 60 + 0.03 * minutes,
                "wave" => minutes => 60 + 1.5 * Math.Sin(phase + minutes / 25),
                _ => minutes => 60 + scatter[(int)minutes / 5],
            };
            var drift = IdleDrift.Of(Points(random, 12, truth));
            for (var minutes = 5.0; minutes < 110; minutes += 10)
            {
                var (watts, standard) = drift.At((long)(minutes * 60e9));
                inside += Math.Abs(watts - truth(minutes)) <= 2 * standard ? 1 : 0;
                total++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {100.0 * inside / total:0.0} % within");
        Assert.True(inside >= 0.93 * total, $"{kind}: {100.0 * inside / total:0.0} % lie within");
    }

    [Fact]
    public void One_stretch_is_a_level()
    {
        var one = IdleDrift.Of([new RestPoint(0, 42, 0.3)]);
        Assert.Equal((42, 0.3), (one.At(1_000_000_000_000).Watts, Math.Round(one.At(0).StandardWatts, 3)));
    }

    private static List<RestPoint> Points(Random random, int count, Func<double, double> truth) =>
        [.. Enumerable.Range(0, count).Select(i => new RestPoint((long)(10.0 * i * 60e9), truth(10.0 * i) + OwnW * Normal(random), OwnW))];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
