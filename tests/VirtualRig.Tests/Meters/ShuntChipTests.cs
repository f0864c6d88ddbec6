using System.Device.I2c;

using MeterLab.TestKit;
using MeterLab.VirtualRig.Faults;
using MeterLab.VirtualRig.Meters;
using MeterLab.VirtualRig.Wires;

namespace MeterLab.VirtualRig.Tests.Meters;

public class ShuntChipTests
{
    private readonly FakeHostClock _clock = new();

    [Fact]
    public void The_INA226_reproduces_the_data_sheets_example()
    {
        // 2 mohm, 10 A, 11.98 V, 1 mA per step: CAL 2560.
        using var device = On226(11.98, 10, 0.002);
        Write(device, 0x05, 2560);
        Settle();
        Assert.Equal(8000, Read(device, 0x01));
        Assert.Equal(9584, Read(device, 0x02));
        Assert.Equal(10000, Read(device, 0x04));
        Assert.Equal(4792, Read(device, 0x03));
        Assert.Equal(0x5449, Read(device, 0xFE));
        Assert.Equal(0x2260, Read(device, 0xFF));
    }

    [Fact]
    public void The_INA226_shows_a_reversed_current_negative_and_its_power_positive()
    {
        using var device = On226(11.98, -10, 0.002);
        Write(device, 0x05, 2560);
        Settle();
        Assert.Equal(-8000, (short)Read(device, 0x01));
        Assert.Equal(-10000, (short)Read(device, 0x04));
        Assert.Equal(4792, Read(device, 0x03));
    }

    [Fact]
    public void The_INA226_is_ready_once_a_conversion_and_not_before_its_time()
    {
        using var device = On226(12, 1, 0.002);
        // 4 averages of 332 us + 332 us: 2.656 ms a result.
        Write(device, 0x00, 0x4000 | (1 << 9) | (2 << 6) | (2 << 3) | 7);
        _clock.Advance(TimeSpan.FromMicroseconds(2650));
        Assert.Equal(0, Read(device, 0x06) & 8);
        _clock.Advance(TimeSpan.FromMicroseconds(7));
        Assert.Equal(8, Read(device, 0x06) & 8);
        Assert.Equal(0, Read(device, 0x06) & 8);
        _clock.Advance(TimeSpan.FromMicroseconds(2656));
        Assert.Equal(8, Read(device, 0x06) & 8);
    }

    [Fact]
    public void The_INA226_forgets_its_calibration_when_reset()
    {
        using var device = On226(12, 1, 0.002);
        Write(device, 0x05, 2560);
        Assert.Equal(2560, Read(device, 0x05));
        Write(device, 0x00, 0x8000);
        Assert.Equal(0, Read(device, 0x05));
        Assert.Equal(0x4127, Read(device, 0x00));
    }

    [Fact]
    public void The_INA228_reproduces_the_data_sheets_example()
    {
        // 16.2 mohm, 6 A, 48 V, 19.0735 uA per step: SHUNT_CAL 4050.
        using var device = On228(48, 6, 0.0162);
        Write(device, 0x02, 4050);
        Settle();
        Assert.Equal(311040, Read24(device, 0x04) >> 4);
        Assert.Equal(245760, Read24(device, 0x05) >> 4);
        Assert.Equal(314572, Read24(device, 0x07) >> 4);
        Assert.InRange(Read24(device, 0x08), 4718592 - 16, 4718592 + 16);
        Assert.Equal(0x5449, Read(device, 0x3E));
        Assert.Equal(0x2281, Read(device, 0x3F));
    }

    [Fact]
    public void The_INA228_accumulates_the_energy_and_charge_that_flowed()
    {
        using var device = On228(48, 6, 0.0162);
        Write(device, 0x02, 4050);
        Write(device, 0x00, 0x4000);
        _clock.Advance(TimeSpan.FromSeconds(100));
        const double CurrentStep = 10.0 / (1 << 19);
        var energy = Read40(device, 0x09) * 16 * 3.2 * CurrentStep;
        var charge = Read40(device, 0x0A) * CurrentStep;
        // All but the conversion in progress.
        Assert.InRange(energy, 288 * 99.99, 288 * 100.001);
        Assert.InRange(charge, 6 * 99.99, 6 * 100.001);
    }

    [Fact]
    public void The_energy_accumulator_wraps_and_says_so_once()
    {
        var chip = new SimulatedIna228(_clock, new ConstantRail(48, 6), new ShuntSpecimen { ShuntOhms = 0.0162 });
        chip.Reset(energyCounts: (1L << 40) - 1000);
        var script = new FaultScript(_clock);
        using var bus = new SimulatedI2cBus(1, script.Gate("i2c"));
        bus.Attach(0x40, chip);
        using var device = bus.CreateDevice(0x40);
        Write(device, 0x02, 4050);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1 << 11, Read(device, 0x0B) & (1 << 11));
        Assert.InRange(Read40(device, 0x09), 0, 1L << 30);
        Assert.Equal(0, Read(device, 0x0B) & (1 << 11));
    }

    [Fact]
    public void Without_calibration_the_INA228_shows_volts_and_no_current()
    {
        using var device = On228(48, 6, 0.0162);
        Write(device, 0x02, 0);
        Settle();
        Assert.Equal(311040, Read24(device, 0x04) >> 4);
        Assert.Equal(0, Read24(device, 0x07));
        Assert.Equal(0, Read24(device, 0x08));
    }

    [Fact]
    public void The_narrow_range_has_steps_four_times_finer()
    {
        using var device = On228(48, 1, 0.0162);
        Write(device, 0x00, 0x10);
        Settle();
        Assert.Equal(207360, Read24(device, 0x04) >> 4);
    }

    [Fact]
    public void An_absent_address_fails_as_the_kernel_says_it()
    {
        var script = new FaultScript(_clock);
        using var bus = new SimulatedI2cBus(1, script.Gate("i2c"));
        using var device = bus.CreateDevice(0x44);
        var failure = Assert.Throws<IOException>(() => Read(device, 0xFE));
        Assert.Contains("Error 6 (No such device or address)", failure.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => bus.CreateDevice(0x44));
    }

    private I2cDevice On226(double volts, double amperes, double ohms) =>
        On(new SimulatedIna226(_clock, new ConstantRail(volts, amperes), new ShuntSpecimen { ShuntOhms = ohms }));

    private I2cDevice On228(double volts, double amperes, double ohms) =>
        On(new SimulatedIna228(_clock, new ConstantRail(volts, amperes), new ShuntSpecimen { ShuntOhms = ohms }));

    private I2cDevice On(IRegisterChip chip)
    {
        var bus = new SimulatedI2cBus(1, new FaultScript(_clock).Gate("i2c"));
        bus.Attach(0x40, chip);
        var device = bus.CreateDevice(0x40);
        // The first touch switches the chip on.
        Read(device, 0x00);
        return device;
    }

    private void Settle() => _clock.Advance(TimeSpan.FromMilliseconds(20));

    private static void Write(I2cDevice device, byte register, int value) => device.Write([register, (byte)(value >> 8), (byte)value]);

    private static int Read(I2cDevice device, byte register) => (int)Read(device, register, 2);

    private static int Read24(I2cDevice device, byte register) => (int)Read(device, register, 3);

    private static long Read40(I2cDevice device, byte register) => Read(device, register, 5);

    private static long Read(I2cDevice device, byte register, int bytes)
    {
        Span<byte> buffer = stackalloc byte[bytes];
        device.WriteRead([register], buffer);
        var value = 0L;
        foreach (var part in buffer)
            value = (value << 8) | part;
        return value;
    }
}
