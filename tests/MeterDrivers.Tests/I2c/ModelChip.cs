namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>
/// Any chip of the family by its data sheet's arithmetic: the test sets what the converter sees, the chip computes current and power from
/// its own calibration. Addresses, widths and divisors are typed here a second time, and share nothing with the driver's maps.
/// </summary>
internal sealed class ModelChip
{
    private readonly Sheet _sheet;
    private long _shunt;
    private long _bus;

    public ModelChip(string model)
    {
        _sheet = Sheets[model];
        Chip = new FakeChip { Written = OnWritten, Reading = OnReading };
        if (_sheet.Maker is { } maker)
            Chip.Set(maker, 0x5449);
        if (_sheet.DieAt is { } die)
            Chip.Set(die, _sheet.Die);
        Reset();
    }

    public FakeChip Chip { get; }

    /// <summary>Whether a conversion has ended since the flag was cleared.</summary>
    public bool Ready { get; set; } = true;

    /// <summary>A converter so fast that every look finds a new conversion.</summary>
    public bool AlwaysReady { get; set; } = true;

    /// <summary>Further bits of the status register.</summary>
    public int Status { get; set; }

    /// <summary>The accumulators.</summary>
    public long Energy { get; set; }

    public long Charge { get; set; }

    public static IReadOnlyCollection<string> Models => Sheets.Keys;

    /// <summary>What the converter puts out: the numbers in its result registers, without the bits beside them.</summary>
    public void Convert(long shunt, long bus)
    {
        (_shunt, _bus, Ready) = (shunt, bus, true);
        Compute();
    }

    /// <summary>What a dip of the supply leaves.</summary>
    public void Reset()
    {
        foreach (var (register, value) in _sheet.AfterReset)
            Chip.Set(register, value);
        (Energy, Charge) = (0, 0);
        Compute();
    }

    /// <summary>Whether every register is as after a reset.</summary>
    public bool IsReset => _sheet.AfterReset.All(pair => Chip.Get(pair.Register) == pair.Value);

    private void OnWritten(byte register, ushort value)
    {
        if (register == 0 && (value & 0x8000) != 0)
            Reset();
        // The accumulators' reset clears itself.
        else if (register == 0 && _sheet.Divides)
            Chip.Set(0, value & 0x3FFF);
        else if (register == _sheet.Calibration && _sheet.VoidBit)
            Chip.Set(register, value & 0xFFFE);
        if (register == 0 && _sheet.Divides && (value & 0x4000) != 0)
            (Energy, Charge) = (0, 0);
        Compute();
    }

    private void OnReading(byte register)
    {
        if (register == _sheet.StatusAt)
            Chip.Set(register, (Chip.Get(register) & ~(_sheet.ReadyBit | _sheet.StatusBits)) | (Ready ? _sheet.ReadyBit : 0) | Status);
        if (register == _sheet.ClearedBy)
            Ready = AlwaysReady;
    }

    private void Compute()
    {
        var calibration = _sheet.Calibration is { } at ? Chip.Get(at) : 0;
        var widest = 1L << (_sheet.CurrentBits - 1);
        var current = Math.Clamp(
            _sheet.Calibration is null ? _shunt : _sheet.Divides ? (calibration == 0 ? 0 : _shunt * 4096 / calibration) : _shunt * calibration / _sheet.Divisor,
            -widest, widest - 1);
        var power = Math.Abs(current) * _bus / _sheet.PowerDivisor;
        Put(_sheet.Shunt, _shunt);
        Put(_sheet.Bus, _bus);
        Put(_sheet.Current, current);
        Put(_sheet.Power, Math.Min(power, (1L << (8 * _sheet.Power.Bytes)) - 1));
        if (_sheet.Accumulates)
        {
            Chip.Set(0x09, Energy, 5);
            Chip.Set(0x0A, Charge, 5);
        }
    }

    private void Put(Place? place, long value)
    {
        if (place is { } at)
            Chip.Set(at.Register, value << at.Shift, at.Bytes);
    }

    private readonly record struct Place(byte Register, int Bytes = 2, int Shift = 0);

    private sealed record Sheet
    {
        public Place? Shunt { get; init; }

        public required Place Bus { get; init; }

        public required Place Current { get; init; }

        public required Place Power { get; init; }

        public byte? Calibration { get; init; }

        public bool VoidBit { get; init; }

        public int Divisor { get; init; } = 1;

        public bool Divides { get; init; }

        public required int PowerDivisor { get; init; }

        public int CurrentBits { get; init; } = 16;

        public bool Accumulates { get; init; }

        public byte StatusAt { get; init; }

        public int ReadyBit { get; init; }

        public int StatusBits { get; init; }

        public byte ClearedBy { get; init; }

        public byte? Maker { get; init; }

        public byte? DieAt { get; init; }

        public int Die { get; init; }

        public required (byte Register, int Value)[] AfterReset { get; init; }
    }

    private static readonly Sheet Sheet219 = new()
    {
        Shunt = new(0x01), Bus = new(0x02, Shift: 3), Power = new(0x03), Current = new(0x04), Calibration = 0x05, VoidBit = true,
        Divisor = 4096, PowerDivisor = 5000, StatusAt = 0x02, ReadyBit = 2, StatusBits = 1, ClearedBy = 0x03,
        AfterReset = [(0x00, 0x399F), (0x05, 0)],
    };

    private static readonly Sheet Sheet226 = new()
    {
        Shunt = new(0x01), Bus = new(0x02), Power = new(0x03), Current = new(0x04), Calibration = 0x05, Divisor = 2048, PowerDivisor = 20000,
        StatusAt = 0x06, ReadyBit = 8, StatusBits = 4, ClearedBy = 0x06, Maker = 0xFE, DieAt = 0xFF, Die = 0x2260,
        AfterReset = [(0x00, 0x4127), (0x05, 0), (0x06, 0)],
    };

    private static readonly Sheet Sheet230 = Sheet226 with { Maker = null, DieAt = null };

    private static readonly Sheet Sheet236 = Sheet226 with { Maker = 0x3E, DieAt = 0x3F, Die = 0xA080 };

    private static readonly Sheet Sheet228 = new()
    {
        Shunt = new(0x04, 3, 4), Bus = new(0x05, 3, 4), Current = new(0x07, 3, 4), Power = new(0x08, 3), Calibration = 0x02, Divides = true,
        PowerDivisor = 16384, CurrentBits = 20, Accumulates = true, StatusAt = 0x0B, ReadyBit = 2, StatusBits = 0xE00, ClearedBy = 0x0B,
        Maker = 0x3E, DieAt = 0x3F, Die = 0x2281,
        AfterReset = [(0x00, 0), (0x01, 0xFB68), (0x02, 0x1000), (0x03, 0), (0x06, 0), (0x0B, 1), (0x10, 0x7FFF)],
    };

    private static readonly Sheet Sheet238 = Sheet228 with
    {
        Shunt = new(0x04), Bus = new(0x05), Current = new(0x07), PowerDivisor = 64, CurrentBits = 16, Accumulates = false, Die = 0x2381,
    };

    private static readonly Sheet Sheet780 = Sheet238 with { Shunt = null, Calibration = null, Accumulates = true, DieAt = null };

    private static readonly Dictionary<string, Sheet> Sheets = new()
    {
        ["ina219"] = Sheet219,
        ["ina220"] = Sheet219,
        ["ina209"] = Sheet219 with
        {
            Shunt = new(0x03), Bus = new(0x04, Shift: 3), Power = new(0x05), Current = new(0x06), Calibration = 0x16, StatusAt = 0x04,
            AfterReset = [(0x00, 0x399F), (0x16, 0)],
        },
        ["ina226"] = Sheet226,
        ["ina230"] = Sheet230,
        ["ina231"] = Sheet230,
        ["ina232"] = Sheet236 with { DieAt = null },
        ["ina234"] = Sheet236 with { DieAt = null },
        ["ina236"] = Sheet236,
        ["ina260"] = Sheet226 with { Shunt = null, Current = new(0x01), Calibration = null, PowerDivisor = 6400, Die = 0x2270, AfterReset = [(0x00, 0x6127), (0x06, 0), (0x07, 0)] },
        ["ina228"] = Sheet228,
        ["ina237"] = Sheet238 with { DieAt = null },
        ["ina238"] = Sheet238,
        ["ina700"] = Sheet780,
        ["ina701"] = Sheet780,
        ["ina780"] = Sheet780,
    };
}
