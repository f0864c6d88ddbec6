using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.TestKit;
using MeterLab.VirtualRig.Meters;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Tests.Meters;

public class VirtualMeterModelTests
{
    private static readonly MeterFacts Facts = new()
    {
        Model = "test-meter",
        Vendor = "nobody",
        Transports = ["modbus-tcp"],
        Quantities = [Quantity.ActivePower, Quantity.EnergyImport],
        Accuracy = new Dictionary<Quantity, AccuracyLimit> { [Quantity.ActivePower] = new() { ReadingPercent = 1, Absolute = 0.5 } },
        Resolution = new Dictionary<Quantity, double> { [Quantity.ActivePower] = 0.1, [Quantity.EnergyImport] = 3600 },
        Response = new MeterResponse(1, 1, 0),
        Source = "this test",
    };

    [Fact]
    public void A_value_is_the_mean_of_its_window_shown_late_and_held()
    {
        var clock = new FakeHostClock();
        var begin = clock.MonotonicNs;
        var truth = new TruePower(clock, Wall(100));
        clock.Advance(TimeSpan.FromSeconds(10.5));
        truth.Append(Wall(200));
        clock.Advance(TimeSpan.FromSeconds(5));
        var options = SpecimenOptions.Perfect with { DelaySeconds = 0.25, AveragingSeconds = 1 };
        var model = new VirtualMeterModel(truth, Scope.WallAc, Specimen.Draw(Facts, "m", 1, options));

        // The window that ended at 10.75 s holds a quarter of a second of 200 W, and is read from 11 s to 12 s.
        Assert.Equal(100, Power(10.99), 6);
        Assert.Equal(125, Power(11.0), 6);
        Assert.Equal(125, Power(11.999), 6);
        Assert.Equal(200, Power(12.0), 6);

        double Power(double seconds) => model.Value(Quantity.ActivePower, 1, begin + (long)(seconds * 1e9));
    }

    [Fact]
    public void The_register_of_energy_counts_what_flowed_times_the_gain_and_rounds_down()
    {
        var clock = new FakeHostClock();
        var truth = new TruePower(clock, Wall(360));
        clock.Advance(TimeSpan.FromSeconds(100));
        var options = SpecimenOptions.Perfect with { Gain = 1.01, EnergyStepJoules = 3600, EnergyAtStartJoules = 7200 };
        var model = new VirtualMeterModel(truth, Scope.WallAc, Specimen.Draw(Facts, "m", 1, options));
        // 7200 J + 36360 J, in steps of 3600 J.
        Assert.Equal(43200, model.Value(Quantity.EnergyImport, 1, clock.MonotonicNs), 6);
        Assert.Equal(0, model.Value(Quantity.EnergyImport, 0, clock.MonotonicNs), 6);
    }

    [Fact]
    public void Specimens_are_drawn_within_the_data_sheet_and_the_same_seed_draws_the_same()
    {
        var draws = Enumerable.Range(0, 500).Select(seed => Specimen.Draw(Facts, "wall", seed, new SpecimenOptions())).ToArray();
        Assert.All(draws, draw =>
        {
            Assert.InRange(draw.Gain, 0.99, 1.01);
            Assert.InRange(draw.OffsetWatts, -0.5, 0.5);
            Assert.InRange(draw.DelayNs, 50_000_000, 450_000_000);
            Assert.InRange(draw.PhaseNs, 0, draw.PeriodNs);
        });
        // They fill the limits rather than hide in the middle.
        Assert.InRange(draws.Max(draw => draw.Gain), 1.0098, 1.01);
        Assert.InRange(draws.Average(draw => draw.Gain), 0.999, 1.001);
        Assert.Equal(draws[7], Specimen.Draw(Facts, "wall", 7, new SpecimenOptions()));
        Assert.NotEqual(draws[7].Gain, Specimen.Draw(Facts, "mains", 7, new SpecimenOptions()).Gain);
    }

    [Fact]
    public void A_value_does_not_depend_on_when_or_how_often_it_is_asked_for()
    {
        var clock = new FakeHostClock();
        var truth = new TruePower(clock, Wall(100));
        var model = new VirtualMeterModel(truth, Scope.WallAc, Specimen.Draw(Facts, "m", 3, new SpecimenOptions()));
        clock.Advance(TimeSpan.FromSeconds(30));
        var instants = Enumerable.Range(0, 200).Select(i => clock.MonotonicNs - i * 97_000_000L).ToArray();
        var forward = instants.Select(at => model.Value(Quantity.ActivePower, 1, at)).ToArray();
        var backward = instants.Reverse().Select(at => model.Value(Quantity.ActivePower, 1, at)).Reverse().ToArray();
        Assert.Equal(forward, backward);
        Assert.True(forward.Distinct().Count() > 1, "the noise shows nowhere");
    }

    private static ScopeValues Wall(double watts) => new(0, 0, 0, watts);
}
