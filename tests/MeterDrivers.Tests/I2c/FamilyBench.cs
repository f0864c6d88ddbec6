using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>A bus of single-channel chips of the family, and their addresses with settings that are slow enough to be watched.</summary>
internal sealed class FamilyBench
{
    private const string SlowPowersOfTwo = "&average=128";
    private const string SlowPowersOfFour = "&average=256&conversion-time=4156us";
    private const string SlowDividing = "&average=512&conversion-time=4120us";

    public Bench Bench { get; } = new();

    public static double Ohms(string model) => model switch
    {
        "ina219" or "ina220" or "ina209" => 0.1,
        _ => 0.002,
    };

    public static string Uri(string model, bool coarse = false)
    {
        var slow = model switch
        {
            "ina219" or "ina220" or "ina209" => SlowPowersOfTwo,
            "ina228" or "ina237" or "ina238" or "ina700" or "ina701" or "ina780" => SlowDividing,
            _ => SlowPowersOfFour,
        };
        var shunt = model switch
        {
            "ina260" or "ina700" or "ina701" or "ina780" => "",
            "ina219" or "ina220" or "ina209" => "&shunt=100mohm&max-current=3.19A" + (coarse ? "&current-step=1mA" : ""),
            "ina232" or "ina234" or "ina236" or "ina226" or "ina230" or "ina231" => "&shunt=2mohm&max-current=40A" + (coarse ? "&current-step=10mA" : ""),
            _ => "&shunt=2mohm&max-current=40A&adc-range=0" + (coarse ? "&current-step=10mA" : ""),
        };
        return $"i2c://1/0x40?model={model}{shunt}{slow}";
    }

    public ModelChip Attach(string model, int address = 0x40)
    {
        var chip = new ModelChip(model);
        Bench.WithChip(address, chip.Chip);
        return chip;
    }

    public Task<IMeter> OpenAsync(string uri) => Bench.OpenAsync(uri);

    public static double Value(IReadOnlyList<MeterReading> readings, Quantity quantity) => readings.Single(r => r.Quantity == quantity).Value!.Value;
}
