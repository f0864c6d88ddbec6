namespace MeterLab.MeterDrivers.Profiles;

/// <summary>What a profile says of a model's SNMP side.</summary>
public sealed record SnmpMap
{
    /// <summary>The fields, in the order of the file.</summary>
    public required IReadOnlyList<SnmpField> Fields { get; init; }

    /// <summary>1 or 2 (for 2c).</summary>
    public int Version { get; init; } = 2;

    /// <summary>The most objects that one request asks for.</summary>
    public int MaxObjects { get; init; } = 20;

    /// <summary>How long to wait for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Which unit of a chain is meant where the address does not say: what <c>{u}</c> stands for.</summary>
    public int Unit { get; init; } = 1;

    /// <summary>Objects with texts about the device, by <c>model</c>, <c>serial</c>, <c>firmware</c>.</summary>
    public IReadOnlyDictionary<string, string> Identity { get; init; } = new Dictionary<string, string>();
}

/// <summary>A value of an SNMP agent.</summary>
/// <param name="Value">What it is.</param>
/// <param name="Oid">The object, with its places for n and u.</param>
/// <param name="Digits">An object that tells by how many decimal digits the value is to be divided; null where it is not.</param>
/// <param name="DigitsOtherwise">The digits where the agent has no such object; null refuses it then.</param>
public sealed record SnmpField(ValueField Value, string Oid, string? Digits, int? DigitsOtherwise);
