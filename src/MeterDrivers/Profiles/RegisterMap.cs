namespace MeterLab.MeterDrivers.Profiles;

/// <summary>What a profile says of a model's Modbus side: the registers and the manners of reading them.</summary>
public sealed record RegisterMap
{
    /// <summary>No registers.</summary>
    public static RegisterMap None { get; } = new() { Fields = [] };

    /// <summary>The fields, in the order of the file; no two of one channel and quantity.</summary>
    public required IReadOnlyList<RegisterField> Fields { get; init; }

    /// <summary>The most registers that one request may ask for: 1 to 125.</summary>
    public int MaxRegisters { get; init; } = 125;

    /// <summary>Requests must begin at a multiple of this and ask for a multiple of it: 2 where the meter refuses half a value.</summary>
    public int Alignment { get; init; } = 1;

    /// <summary>How many registers that the map does not name may lie within a request, between two that it names; 0 where the meter refuses them.</summary>
    public int MaxHole { get; init; }

    /// <summary>The shortest pause between an answer and the next request.</summary>
    public TimeSpan MinimumGap { get; init; }

    /// <summary>How long to wait for an answer, the time on a serial line not counted.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A register with the serial number (its channel and quantity mean nothing); null where none is known.</summary>
    public RegisterField? Serial { get; init; }

    /// <summary>A field whose value tells this model from a stranger, and the values that this model can show; null where nothing does.</summary>
    public RegisterProbe? Probe { get; init; }
}

/// <summary>A field and the range that its value must be in, SI units, for the device to be what the address says. Exactly 0 proves nothing: an unconnected input reads so.</summary>
public sealed record RegisterProbe(RegisterField Field, double From, double To);
