namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>An INA226's arithmetic (TI SBOS547): the test sets shunt and bus, the chip computes current and power from its calibration.</summary>
internal sealed class FakeIna226
{
    private short _shunt;
    private ushort _bus;

    public FakeIna226()
    {
        Chip.Set(0xFE, 0x5449);
        Chip.Set(0xFF, 0x2260);
        Reset();
        Chip.Written = (_, _) => Compute();
        Chip.Reading = register =>
        {
            if (register != 0x06)
                return;
            Chip.Set(0x06, Ready ? 0x0008 | Overflow : Overflow);
            Ready = AlwaysReady;
        };
    }

    public FakeChip Chip { get; } = new();

    /// <summary>Whether a conversion has ended since the mask was read.</summary>
    public bool Ready { get; set; } = true;

    /// <summary>A converter so fast that every look finds a new conversion.</summary>
    public bool AlwaysReady { get; set; } = true;

    public int Overflow { get; set; }

    public void Convert(short shunt, ushort bus)
    {
        (_shunt, _bus) = (shunt, bus);
        Ready = true;
        Compute();
    }

    /// <summary>What a dip of the supply leaves.</summary>
    public void Reset()
    {
        Chip.Set(0x00, 0x4127);
        Chip.Set(0x05, 0);
        Compute();
    }

    private void Compute()
    {
        var current = _shunt * Chip.Get(0x05) / 2048;
        Chip.Set(0x01, (ushort)_shunt);
        Chip.Set(0x02, _bus);
        Chip.Set(0x04, (ushort)(short)Math.Clamp(current, short.MinValue, short.MaxValue));
        Chip.Set(0x03, (ushort)Math.Min(ushort.MaxValue, Math.Abs((long)current) * _bus / 20000));
    }
}
