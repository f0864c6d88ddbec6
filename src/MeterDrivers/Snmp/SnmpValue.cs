namespace MeterLab.MeterDrivers.Snmp;

/// <summary>What an agent answered about one object.</summary>
internal enum SnmpKind
{
    /// <summary>a whole number of any type</summary>
    Number,

    /// <summary>a text of bytes</summary>
    Text,

    /// <summary>the agent has no such object or instance, or it has no value</summary>
    Absent,

    /// <summary>a type that tells nothing here: an address, an object name</summary>
    Other,
}

/// <summary>One value of an answer.</summary>
/// <param name="Kind">Which of the fields counts.</param>
/// <param name="Number">The number; a Counter64 beyond 63 bits is <see cref="SnmpKind.Other"/>.</param>
/// <param name="Text">The text, where texts were asked for.</param>
internal readonly record struct SnmpValue(SnmpKind Kind, long Number = 0, string? Text = null);
