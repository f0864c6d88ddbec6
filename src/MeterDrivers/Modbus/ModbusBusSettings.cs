using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>How to reach a bus and how long its characters take.</summary>
/// <param name="Name">For messages: <c>10.0.0.20:502</c>, <c>/dev/ttyUSB0</c>.</param>
/// <param name="Codec">How frames are made on it.</param>
/// <param name="Line">The serial line behind it, whose characters take time; null where there is none.</param>
/// <param name="Paces">Whether this host must keep the silence between RTU frames; a gateway does it itself.</param>
/// <param name="Open">Opens the wire.</param>
internal sealed record ModbusBusSettings(
    string Name, FrameCodec Codec, SerialSettings? Line, bool Paces, Func<CancellationToken, ValueTask<IByteLink>> Open)
{
    /// <summary>Whether the adapter hears what it sends: a two-wire line whose receiver stays on. The echo is then read and compared.</summary>
    public bool Echo { get; init; }

    /// <summary>The time that this many characters take on the line; zero where there is none.</summary>
    public TimeSpan CharacterTime(double characters) =>
        Line is null ? TimeSpan.Zero : TimeSpan.FromSeconds(characters * Line.BitsPerCharacter / Line.Baud);

    /// <summary>The silence that this host must keep between frames: 3.5 characters, and 1.75 ms above 19200 Bd (Modbus over Serial Line 1.02, 2.5.1.1).</summary>
    public TimeSpan Silence => !Paces || Line is null ? TimeSpan.Zero
        : Line.Baud > 19_200 ? TimeSpan.FromMilliseconds(1.75)
        : CharacterTime(3.5);
}
