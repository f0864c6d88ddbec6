using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.VirtualRig.Meters;

namespace MeterLab.VirtualRig.Wires;

/// <summary>
/// A meter's registers as its profile lists them, filled by the instrument's arithmetic. Refuses what the profile says that the meter
/// refuses: odd addresses, too many registers, holes and what lies beyond the map. One request shows one instant.
/// </summary>
internal sealed class ProfileUnit : IModbusUnit
{
    private readonly IHostClock _clock;
    private readonly MeterProfile _profile;
    private readonly VirtualMeterModel _model;
    private readonly string _loadedChannel;
    private readonly long _serial;
    private readonly Dictionary<int, ushort> _settings = [];
    private readonly RegisterField[] _placed;

    /// <summary>
    /// The machine is plugged in at <paramref name="loadedChannel"/> (l1, outlet-1 …) and shows in <c>total</c>; all other channels
    /// carry nothing.
    /// </summary>
    public ProfileUnit(IHostClock clock, MeterProfile profile, VirtualMeterModel model, string loadedChannel, long serial)
    {
        _clock = clock;
        _profile = profile;
        _model = model;
        _loadedChannel = loadedChannel;
        _serial = serial;
        // Where a difference and its first part share a register, the difference is what is shown.
        _placed = [.. profile.Registers.Fields.OrderBy(field => field.Minus is not null)];
        foreach (var check in profile.Registers.Identity.Concat(profile.Registers.Settings))
            AddRight(check);
    }

    /// <summary>Makes a holding register that can be written and read back: a setting.</summary>
    public void AddSetting(int address, ushort value)
    {
        lock (_settings)
            _settings[address] = value;
    }

    /// <inheritdoc/>
    public byte Read(byte function, int address, Span<ushort> registers)
    {
        if (registers.Length > _profile.Registers.MaxRegisters)
            return ModbusSlave.IllegalAddress;
        if (address % _profile.Registers.Alignment != 0 || registers.Length % _profile.Registers.Alignment != 0)
            return ModbusSlave.IllegalAddress;
        var now = _clock.MonotonicNs;
        Span<bool> named = stackalloc bool[registers.Length];
        foreach (var field in _placed)
        {
            if (IsAsked(field, function, address, registers.Length))
                Place(field.Address, field.Encoding, address, registers, named, Code(field, now));
        }

        if (_profile.Registers.Serial is { TextRegisters: 0 } serial && (int)serial.Table == function
            && serial.Address + serial.Count > address && serial.Address < address + registers.Length)
        {
            Place(serial.Address, serial.Encoding, address, registers, named, (ulong)_serial);
        }

        PlaceSettings(function, address, registers, named);
        MarkReadable(address, named);
        return HolesAreAllowed(named) ? (byte)0 : ModbusSlave.IllegalAddress;
    }

    /// <inheritdoc/>
    public byte Write(int address, ReadOnlySpan<ushort> registers)
    {
        lock (_settings)
        {
            for (var i = 0; i < registers.Length; i++)
            {
                if (!_settings.ContainsKey(address + i))
                    return ModbusSlave.IllegalAddress;
            }

            for (var i = 0; i < registers.Length; i++)
                _settings[address + i] = registers[i];
            return 0;
        }
    }

    private ulong Code(RegisterField field, long nowNs)
    {
        var share = field.Channel == "total" || field.Channel == _loadedChannel ? 1.0 : 0.0;
        var value = _model.Value(field.Quantity, share, nowNs);
        // l1-l2 is a voltage between two phases.
        if (field.Quantity == Quantity.Voltage && field.Channel.Contains('-', StringComparison.Ordinal) && field.Channel[0] == 'l')
            value *= Math.Sqrt(3);
        return RegisterImage.Bits(field.Encoding.Type, value / field.SiPerCount);
    }

    // A register that must hold some value holds the first that is right.
    private void AddRight(RegisterCheck check)
    {
        Span<ushort> words = stackalloc ushort[check.Register.Count];
        RegisterImage.Spread((ulong)check.Right[0].From, check.Register.Encoding.Order, words);
        for (var i = 0; i < words.Length; i++)
            AddSetting(check.Register.Address + i, words[i]);
    }

    private void MarkReadable(int address, Span<bool> named)
    {
        foreach (var (from, to) in _profile.Registers.Readable)
        {
            for (var i = Math.Max(from, address); i <= to && i < address + named.Length; i++)
                named[i - address] = true;
        }
    }

    private static bool IsAsked(RegisterField field, byte function, int address, int count) =>
        (int)field.Table == function && field.End > address && field.Address < address + count;

    private static void Place(ushort at, RegisterEncoding encoding, int address, Span<ushort> registers, Span<bool> named, ulong bits)
    {
        Span<ushort> words = stackalloc ushort[encoding.Registers];
        RegisterImage.Spread(bits, encoding.Order, words);
        for (var i = 0; i < words.Length; i++)
        {
            var place = at + i - address;
            if (place < 0 || place >= registers.Length)
                continue;
            registers[place] = words[i];
            named[place] = true;
        }
    }

    private void PlaceSettings(byte function, int address, Span<ushort> registers, Span<bool> named)
    {
        if (function != 3)
            return;
        lock (_settings)
        {
            for (var i = 0; i < registers.Length; i++)
            {
                if (_settings.TryGetValue(address + i, out var value))
                    (registers[i], named[i]) = (value, true);
            }
        }
    }

    /// <summary>Unnamed registers may lie between named ones, so many in a row as the profile allows, never at an end.</summary>
    private bool HolesAreAllowed(ReadOnlySpan<bool> named)
    {
        if (!named[0] || !named[^1])
            return false;
        var hole = 0;
        foreach (var known in named)
        {
            hole = known ? 0 : hole + 1;
            if (hole > _profile.Registers.MaxHole)
                return false;
        }

        return true;
    }
}
