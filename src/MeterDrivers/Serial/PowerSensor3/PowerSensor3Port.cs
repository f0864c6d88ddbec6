using System.Text;

using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>
/// The device's commands over an open line: version, configuration, start, stop, marker. Every answer has a deadline of a second; the
/// device itself gives up after two. Throws <see cref="LinkException"/> and <see cref="MeterException"/>.
/// </summary>
internal sealed class PowerSensor3Port(IByteLink link, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(30);
    private static readonly byte[] AnyByte = [0];
    private static readonly byte[] VersionCommand = "V"u8.ToArray();
    private static readonly byte[] ReadCommand = "R"u8.ToArray();
    private static readonly byte[] StartCommand = "S"u8.ToArray();
    private static readonly byte[] StopCommand = "T"u8.ToArray();
    private static readonly byte[] MarkCommand = "M"u8.ToArray();
    private readonly Deadline _deadline = new(time);

    /// <summary>The device file.</summary>
    internal string Name => link.Name;

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
            await ReadExactlyAsync(record, cancellationToken).ConfigureAwait(false);
            sensors[sensor] = PowerSensor3Sensor.Parse(record);
            await WriteAsync(AnyByte, cancellationToken).ConfigureAwait(false);
        }

        var done = record.AsMemory(0, 1);
        await ReadExactlyAsync(done, cancellationToken).ConfigureAwait(false);
        return done.Span[0] == (byte)'D'
            ? sensors
            : throw new MeterException(MeterFailure.Protocol, $"{Name}: the configuration does not end with D. Unplug the device and plug it in again.");
    }

    /// <summary>Starts the stream.</summary>
    internal ValueTask StartAsync(CancellationToken cancellationToken) => WriteAsync(StartCommand, cancellationToken);

    /// <summary>Sets the marker on the next set.</summary>
    internal ValueTask MarkAsync(CancellationToken cancellationToken) => link.WriteAsync(MarkCommand, cancellationToken);

    /// <summary>Stops the stream and throws away what is still under way.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(StopCommand, cancellationToken).ConfigureAwait(false);
        var waste = new byte[4096];
        var start = time.GetTimestamp();
        while (await ReadAsync(waste, Silence, cancellationToken).ConfigureAwait(false) > 0)
        {
            if (time.GetElapsedTime(start) > AnswerTime)
                throw new MeterException(MeterFailure.Protocol, $"{Name}: the device goes on sending after it was told to stop. Is it a PowerSensor3?");
        }
    }

    /// <summary>Reads what there is, at least a byte; 0 where nothing came in time.</summary>
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, TimeSpan within, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var token = _deadline.Start(within, cancellationToken);
        try
        {
            return await link.ReadAsync(buffer, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return 0;
        }
        finally
        {
            _deadline.Stop();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _deadline.Dispose();
        return link.DisposeAsync();
    }

    private async Task ReadExactlyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var have = 0; have < buffer.Length;)
        {
            var count = await ReadAsync(buffer[have..], AnswerTime, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new LinkException(
                    LinkFailure.TimedOut, $"{Name}: the device fell silent within its configuration. Unplug it and plug it in again.");
            }

            have += count;
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var token = _deadline.Start(AnswerTime, cancellationToken);
        try
        {
            await link.WriteAsync(bytes, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LinkException(LinkFailure.TimedOut, $"{Name}: the device takes no bytes.");
        }
        finally
        {
            _deadline.Stop();
        }
    }

    private static string Printable(string text) => string.Concat(text.Take(24).Select(c => char.IsControl(c) || c > '~' ? '?' : c));
}
