using MeterLab.Measurement;

namespace MeterLab.MeterDrivers.Links;

/// <summary>The parity bit of a serial character.</summary>
public enum SerialParity
{
    /// <summary>no parity bit</summary>
    None,

    /// <summary>even</summary>
    Even,

    /// <summary>odd</summary>
    Odd,
}

/// <summary>How characters travel on a serial line. The default is 9600 8N1.</summary>
/// <param name="Baud">Bits a second; one of <see cref="Bauds"/>.</param>
/// <param name="Parity">The parity bit.</param>
/// <param name="StopBits">1 or 2.</param>
/// <param name="DataBits">7 or 8.</param>
public sealed record SerialSettings(int Baud = 9600, SerialParity Parity = SerialParity.None, int StopBits = 1, int DataBits = 8)
{
    // termios names a speed by a code (asm-generic/termbits.h).
    private static readonly Dictionary<int, uint> Codes = new()
    {
        [1200] = 9,
        [1800] = 10,
        [2400] = 11,
        [4800] = 12,
        [9600] = 13,
        [19200] = 14,
        [38400] = 15,
        [57600] = 0x1001,
        [115200] = 0x1002,
        [230400] = 0x1003,
        [460800] = 0x1004,
        [500000] = 0x1005,
        [576000] = 0x1006,
        [921600] = 0x1007,
        [1000000] = 0x1008,
    };

    /// <summary>The names of the options that <see cref="FromUri"/> reads.</summary>
    public static IReadOnlyList<string> OptionNames { get; } = ["baud", "parity", "stop-bits", "data-bits"];

    /// <summary>The speeds that every kernel knows.</summary>
    public static IReadOnlyCollection<int> Bauds => Codes.Keys;

    /// <summary>The bits that one character takes on the line: start, data, parity and stop.</summary>
    public int BitsPerCharacter => 1 + DataBits + (Parity == SerialParity.None ? 0 : 1) + StopBits;

    /// <summary>The code of <see cref="Baud"/> in termios.</summary>
    internal uint BaudCode => Codes[Baud];

    /// <summary>
    /// Reads the options <c>baud</c>, <c>parity</c>, <c>stop-bits</c> and <c>data-bits</c> of an address; what is not written comes from
    /// <paramref name="otherwise"/>. Throws <see cref="ConfigurationException"/> saying what would be right.
    /// </summary>
    public static SerialSettings FromUri(MeterUri uri, SerialSettings otherwise)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(otherwise);
        var baud = uri.WholeNumber("baud", otherwise.Baud, 1, int.MaxValue);
        if (!Codes.ContainsKey(baud))
            throw uri.Error($"baud: {baud} is no speed of a serial line; one of {string.Join(", ", Bauds)} is right");
        return new SerialSettings(
            baud,
            ParityFrom(uri, otherwise.Parity),
            uri.WholeNumber("stop-bits", otherwise.StopBits, 1, 2),
            uri.WholeNumber("data-bits", otherwise.DataBits, 7, 8));
    }

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> where a field is outside its range.</summary>
    internal void Check()
    {
        if (!Codes.ContainsKey(Baud) || StopBits is not (1 or 2) || DataBits is not (7 or 8) || !Enum.IsDefined(Parity))
            throw new ArgumentOutOfRangeException(null, this, "No serial line can be set so.");
    }

    private static SerialParity ParityFrom(MeterUri uri, SerialParity otherwise) => uri.Option("parity") switch
    {
        null => otherwise,
        "none" => SerialParity.None,
        "even" => SerialParity.Even,
        "odd" => SerialParity.Odd,
        var text => throw uri.Error($"parity: '{text}' is not known here; none, even or odd is right"),
    };
}
