using System.Globalization;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>Registers in which a device says who it is: a number or a text.</summary>
public sealed record IdentityRegister
{
    /// <summary>Holding or input registers.</summary>
    public required RegisterTable Table { get; init; }

    /// <summary>The first register, as on the wire.</summary>
    public required ushort Address { get; init; }

    /// <summary>How a number is held; without meaning for a text.</summary>
    public RegisterEncoding Encoding { get; init; }

    /// <summary>Registers of a text; 0 for a number.</summary>
    public int TextRegisters { get; init; }

    /// <summary>Whether each register holds one character of the text, in its low byte, instead of two.</summary>
    public bool OneCharacterEach { get; init; }

    /// <summary>Whether the meter serves at most one register of these at a time.</summary>
    public bool Singly { get; init; }

    /// <summary>How many registers there are.</summary>
    public int Count => TextRegisters > 0 ? TextRegisters : Encoding.Registers;

    /// <summary>What these registers say, trimmed; null where they say nothing.</summary>
    public string? Format(ReadOnlySpan<ushort> registers)
    {
        if (TextRegisters == 0)
            return Encoding.Decode(registers).ToString(CultureInfo.InvariantCulture);
        Span<char> text = stackalloc char[2 * registers.Length];
        var length = 0;
        foreach (var register in registers)
        {
            if (!OneCharacterEach)
                Append((byte)(register >> 8), text, ref length);
            Append((byte)register, text, ref length);
        }

        var trimmed = text[..length].Trim();
        return trimmed.Length == 0 ? null : trimmed.ToString();
    }

    // What a device sends ends up in reports and terminals: printable ASCII only.
    private static void Append(byte character, Span<char> text, ref int length)
    {
        if (character is >= 0x20 and < 0x7F)
            text[length++] = (char)character;
    }
}
