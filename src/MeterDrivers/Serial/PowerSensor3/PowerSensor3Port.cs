using System.Text;

using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>
/// The device's commands over an open line: version, configuration, start, stop, marker. Every answer has a deadline of a second; the
/// device itself gives up after two. Throws <see cref="LinkException"/> and <see cref="MeterException"/>.
/// </summary>
internal sealed class PowerSensor3Port(IByteLink link, TimeProvider time) : DevicePort(link, time)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    // Erasing and writing its flash takes the processor up to some seconds, and it answers nothing meanwhile.
    private static readonly TimeSpan FlashTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(30);
    private static readonly byte[] AnyByte = [0];
    private static readonly byte[] VersionCommand = "V"u8.ToArray();
    private static readonly byte[] ReadCommand = "R"u8.ToArray();
    private static readonly byte[] WriteCommand = "W"u8.ToArray();
    private static readonly byte[] StartCommand = "S"u8.ToArray();
    private static readonly byte[] StopCommand = "T"u8.ToArray();
    private static readonly byte[] MarkCommand = "M"u8.ToArray();

    /// <summary>The firmware's name: <c>F411-1.6.1</c>. Refuses a device that is no PowerSensor3.</summary>
    internal async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(VersionCommand, cancellationToken).ConfigureAwait(false);
        var text = new byte[64];
        var length = 0;
        while (length < text.Length)
        {
            if (await ReadAsync(text.AsMemory(length, 1), AnswerTime, cancellationToken).ConfigureAwait(false) == 0)
                break;
            if (text[length++] == (byte)'\n')
                break;
        }

        if (length == 0)
        {
            throw new LinkException(
                LinkFailure.TimedOut, $"{Name}: no answer to the version command within {AnswerTime.TotalSeconds:0} s. Is it a PowerSensor3?");
        }

        var version = Encoding.ASCII.GetString(text, 0, length).TrimEnd();
        return version is ['F', '4', _, _, '-', ..]
            ? version
            : throw new MeterException(
                MeterFailure.WrongDevice, $"{Name}: this is no PowerSensor3: its version reads '{Printable(version)}', where something like F411-1.6.1 is right.");
    }

    /// <summary>The eight sensors as the device has them in its memory. The host answers each record with a byte of its own.</summary>
    internal async Task<PowerSensor3Sensor[]> ConfigurationAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(ReadCommand, cancellationToken).ConfigureAwait(false);
        var sensors = new PowerSensor3Sensor[PowerSensor3Parser.Sensors];
        var record = new byte[PowerSensor3Sensor.RecordLength];
        for (var sensor = 0; sensor < sensors.Length; sensor++)
        {
            await ReadExactlyAsync(record, AnswerTime, cancellationToken).ConfigureAwait(false);
            sensors[sensor] = PowerSensor3Sensor.Parse(record);
            await WriteAsync(AnyByte, cancellationToken).ConfigureAwait(false);
        }

        await ExpectAsync('D', AnswerTime, "the end of its configuration", cancellationToken).ConfigureAwait(false);
        return sensors;
    }

    /// <summary>
    /// Writes the eight sensors into the device's memory, which keeps them without power. Not to be broken off: a device that waits for two seconds resets,
    /// and what it has then nobody knows until it is read.
    /// </summary>
    internal async Task ConfigureAsync(IReadOnlyList<PowerSensor3Sensor> sensors, CancellationToken cancellationToken)
    {
        await WriteAsync(WriteCommand, cancellationToken).ConfigureAwait(false);
        foreach (var sensor in sensors)
        {
            await WriteAsync(sensor.ToRecord(), cancellationToken).ConfigureAwait(false);
            await ExpectAsync('S', AnswerTime, "the record of a sensor", cancellationToken).ConfigureAwait(false);
        }

        await ExpectAsync('D', FlashTime, "its new configuration", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts the stream.</summary>
    internal ValueTask StartAsync(CancellationToken cancellationToken) => WriteAsync(StartCommand, cancellationToken);

    /// <summary>Sets the marker on the next set.</summary>
    internal ValueTask MarkAsync(CancellationToken cancellationToken) => WriteBesideAsync(MarkCommand, cancellationToken);

    /// <summary>Stops the stream and throws away what is still under way.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(StopCommand, cancellationToken).ConfigureAwait(false);
        if (!await DrainAsync(Silence, AnswerTime, cancellationToken).ConfigureAwait(false))
            throw new MeterException(MeterFailure.Protocol, $"{Name}: the device goes on sending after it was told to stop. Is it a PowerSensor3?");
    }

    private async Task ExpectAsync(char sign, TimeSpan within, string after, CancellationToken cancellationToken)
    {
        var answer = new byte[1];
        await ReadExactlyAsync(answer, within, cancellationToken).ConfigureAwait(false);
        if (answer[0] != sign)
            throw new MeterException(MeterFailure.Protocol, $"{Name}: {sign} does not come after {after}, but 0x{answer[0]:x2}. Unplug the device and plug it in again.");
    }

    private async Task ReadExactlyAsync(Memory<byte> buffer, TimeSpan within, CancellationToken cancellationToken)
    {
        for (var have = 0; have < buffer.Length;)
        {
            var count = await ReadAsync(buffer[have..], within, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new LinkException(
                    LinkFailure.TimedOut, $"{Name}: the device fell silent within its configuration. Unplug it and plug it in again.");
            }

            have += count;
        }
    }

    private ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => WriteAsync(bytes, AnswerTime, cancellationToken);

    private static string Printable(string text) => string.Concat(text.Take(24).Select(c => char.IsControl(c) || c > '~' ? '?' : c));
}
