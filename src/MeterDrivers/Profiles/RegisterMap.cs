namespace MeterLab.MeterDrivers.Profiles;

/// <summary>What a profile says of a model's Modbus side: the registers and the manners of reading them.</summary>
public sealed record RegisterMap
{
    /// <summary>No registers.</summary>
    public static RegisterMap None { get; } = new() { Fields = [] };

    /// <summary>The fields, in the order of the file; no two of one channel and quantity.</summary>
    public required IReadOnlyList<RegisterField> Fields { get; init; }

    /// <summary>How well the registers are supported, 0 to 2, where the file says so apart from the rest.</summary>
    public int? FactsMark { get; init; }

    /// <summary>The most registers that one request may ask for: 1 to 125.</summary>
    public int MaxRegisters { get; init; } = 125;

    /// <summary>Requests must begin at a multiple of this and ask for a multiple of it: 2 where the meter refuses half a value.</summary>
    public int Alignment { get; init; } = 1;

    /// <summary>How many registers that the map does not name may lie within a request, between two that it names; 0 where the meter refuses them.</summary>
    public int MaxHole { get; init; }

    /// <summary>Stretches, both ends included, of which any part may be read, named here or not.</summary>
    public IReadOnlyList<(int From, int To)> Readable { get; init; } = [];

    /// <summary>Stretches, both ends included, that no request may touch.</summary>
    public IReadOnlyList<(int From, int To)> Forbidden { get; init; } = [];

    /// <summary>A unit number beyond the standard's that every device of this model answers, where it is alone on its line; null for none.</summary>
    public int? GeneralUnit { get; init; }

    /// <summary>How many requests may be on their way at once, on a network; 1 where nobody says that the device can take more.</summary>
    public int InFlight { get; init; } = 1;

    /// <summary>The shortest pause between an answer and the next request.</summary>
    public TimeSpan MinimumGap { get; init; }

    /// <summary>How long to wait for an answer, the time on a serial line not counted.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The serial number; null where none is known.</summary>
    public IdentityRegister? Serial { get; init; }

    /// <summary>The firmware's version; null where none is known.</summary>
    public IdentityRegister? Firmware { get; init; }

    /// <summary>The device's own name for its type; null where it has none.</summary>
    public IdentityRegister? ModelName { get; init; }

    /// <summary>Registers that tell this model from another.</summary>
    public IReadOnlyList<RegisterCheck> Identity { get; init; } = [];

    /// <summary>Settings without which the meter's figures mislead.</summary>
    public IReadOnlyList<RegisterCheck> Settings { get; init; } = [];

    /// <summary>A field whose value tells this model from a stranger, and the values that this model can show; null where nothing does.</summary>
    public RegisterProbe? Probe { get; init; }

    /// <summary>Where the addresses count from a block of a SunSpec chain; null where they are the wire's.</summary>
    public SunSpecMap? SunSpec { get; init; }

    /// <summary>Named bases that addresses count from, as the file states them; an address of a meter can move them.</summary>
    public IReadOnlyDictionary<string, ushort> Bases { get; init; } = new Dictionary<string, ushort>();

    /// <summary>What series of equal blocks count (<c>outlet</c>), whose number an address of a meter can state.</summary>
    public IEnumerable<string> SeriesNames => Fields.Where(f => f.Series is not null).Select(f => f.Series!.Word).Distinct();
}

/// <summary>A field and the range that its value must be in, SI units, for the device to be what the address says. Exactly 0 proves nothing: an unconnected input reads so.</summary>
public sealed record RegisterProbe(RegisterField Field, double From, double To);
