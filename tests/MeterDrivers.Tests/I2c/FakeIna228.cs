namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>An INA228's arithmetic (TI SLYS021A); registers of 24 and 40 bits keep their width.</summary>
internal sealed class FakeIna228
{
    private int _shunt;
    private int _bus;

    public FakeIna228()
    {
        Chip.Set(0x3E, 0x5449);
        Chip.Set(0x3F, 0x2281);
        Reset();
        Chip.Written = (register, value) =>
        {
            // RSTACC clears itself and the accumulators.
            if (register == 0x00 && (value & 0x4000) != 0)
            {
                Chip.Set(0x00, value & 0x3FF0);
                Energy = 0;
            }

            Compute();
        };
        Chip.Reading = register =>
        {
            if (register == 0x0B)
                Chip.Set(0x0B, 0x0001 | (Ready ? 2 : 0) | Diagnostics);
        };
    }

    public FakeChip Chip { get; } = new();

    public bool Ready { get; set; } = true;

    /// <summary>Further bits of DIAG_ALRT.</summary>
    public int Diagnostics { get; set; }

    public ulong Energy
    {
        set => Chip.Set(0x09, (long)value, 5);
    }

    public void Convert(int shunt, int bus)
    {
        (_shunt, _bus) = (shunt, bus);
        Compute();
    }

    public void Reset()
    {
        Chip.Set(0x00, 0);
        Chip.Set(0x01, 0xFB68);
        Chip.Set(0x02, 0x1000);
        Chip.Set(0x06, 3200);
        Chip.Set(0x0A, 0, 5);
        Energy = 0;
        Compute();
    }

    private void Compute()
    {
        var current = Math.Clamp((long)_shunt * 4096 / Chip.Get(0x02), -(1 << 19), (1 << 19) - 1);
        Chip.Set(0x04, (long)_shunt << 4, 3);
        Chip.Set(0x05, (long)_bus << 4, 3);
        Chip.Set(0x07, current << 4, 3);
        Chip.Set(0x08, Math.Abs(current * _bus) / 16384, 3);
    }
}
