using NodaTime;

using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Tests.Rigs;

public sealed class RigMeterTests
{
    private static readonly RigMeter Plain = new() { Name = "wall", Uri = MeterUri.Parse("virtual://wall") };

    [Fact]
    public void A_current_transformer_multiplies_power_and_its_limits_but_no_voltage()
    {
        var meter = Plain with { CtRatio = 40 };

        var power = meter.Describe(Trace(Quantity.ActivePower));
        var voltage = meter.Describe(Trace(Quantity.Voltage));

        Assert.Equal(40 * 0.1 * 7, power.Scale.ToValue(7), 9);
        Assert.Equal((4.0, 40 * 100.0), (power.Resolution, power.Wrap!.Value));
        Assert.Equal(new AccuracyLimit { ReadingPercent = 1, RangePercent = 0.5, Range = 8000, Absolute = 12 }, power.Accuracy);
        Assert.Equal(Trace(Quantity.Voltage), voltage);
    }

    [Fact]
    public void A_certificate_corrects_the_gain_and_states_its_own_uncertainty()
    {
        var meter = Plain with { Certificate = new MeterCertificate("K-1", new LocalDate(2026, 3, 1), 1.002, 0.0006) };

        var power = meter.Describe(Trace(Quantity.ActivePower));

        Assert.Equal(1.002 * 0.1 * 7, power.Scale.ToValue(7), 9);
        // Only the gain's share at a large reading: half of the expanded uncertainty.
        var gainOnly = power.Accuracy! with { RangePercent = 0, Range = null, Absolute = 0 };
        Assert.Equal(0.0003 * 1000, gainOnly.StandardUncertainty(1000), 9);
        Assert.Equal(Trace(Quantity.Current), meter.Describe(Trace(Quantity.Current)));
    }

    [Fact]
    public void A_limit_in_the_rig_file_replaces_the_models()
    {
        var stated = new AccuracyLimit { Absolute = 0.05 };
        var meter = Plain with { CtRatio = 40, Accuracy = new Dictionary<Quantity, AccuracyLimit> { [Quantity.ActivePower] = stated } };

        Assert.Equal(stated, meter.Describe(Trace(Quantity.ActivePower)).Accuracy);
        Assert.NotEqual(stated, meter.Describe(Trace(Quantity.EnergyImport)).Accuracy);
    }

    [Fact]
    public void An_unknown_accuracy_stays_unknown()
    {
        var meter = Plain with { CtRatio = 2, Certificate = new MeterCertificate("K-1", new LocalDate(2026, 3, 1), 1.002, 0.0006) };

        Assert.Null(meter.Describe(Trace(Quantity.ActivePower) with { Accuracy = null }).Accuracy);
    }

    [Fact]
    public void A_reading_means_what_its_trace_means()
    {
        var meter = Plain with { CtRatio = 40, Certificate = new MeterCertificate("K-1", new LocalDate(2026, 3, 1), 1.002, 0.0006) };
        var trace = Trace(Quantity.ActivePower);
        var own = new MeterReading("total", Quantity.ActivePower, trace.Scale.ToValue(7), trace.Accuracy, SampleFlags.None) { Step = trace.Resolution };

        var (reading, described) = (meter.Describe(own), meter.Describe(trace));

        Assert.Equal(described.Scale.ToValue(7), reading.Value!.Value, 12);
        Assert.Equal((described.Resolution, described.Accuracy), (reading.Step, reading.Accuracy));
        var ofLimits = described.Accuracy!.StandardUncertainty(reading.Value.Value);
        Assert.Equal(Math.Sqrt(ofLimits * ofLimits + Math.Pow(described.Resolution, 2) / 12), reading.StandardUncertainty!.Value, 12);
        Assert.Null(meter.Describe(own with { Value = null }).StandardUncertainty);
    }

    [Fact]
    public void Who_states_the_limits_is_told()
    {
        var stated = Plain with { Accuracy = new Dictionary<Quantity, AccuracyLimit> { [Quantity.ActivePower] = new() } };
        var certified = Plain with { Certificate = new MeterCertificate("K-1", new LocalDate(2026, 3, 1), 1, 0.0006) };
        var ofModel = new AccuracyLimit { ReadingPercent = 1 };

        Assert.Equal(AccuracySource.RigFile, stated.SourceOf(Quantity.ActivePower, null));
        Assert.Equal(AccuracySource.Model, stated.SourceOf(Quantity.Voltage, ofModel));
        Assert.Equal(AccuracySource.Certificate, certified.SourceOf(Quantity.EnergyImport, ofModel));
        Assert.Equal(AccuracySource.Model, certified.SourceOf(Quantity.Voltage, ofModel));
        Assert.Equal(AccuracySource.Nobody, certified.SourceOf(Quantity.ActivePower, null));
    }

    private static TraceDescription Trace(Quantity quantity) => new()
    {
        Channel = new ChannelId("wall", "total"),
        Quantity = quantity,
        Scale = new LinearScale(0.1),
        Response = new MeterResponse(1, 1, 0),
        Resolution = 0.1,
        Wrap = 100,
        Accuracy = new AccuracyLimit { ReadingPercent = 1, RangePercent = 0.5, Range = 200, Absolute = 0.3 },
    };
}
