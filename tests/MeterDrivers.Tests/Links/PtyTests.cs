using MeterLab.MeterDrivers.Links;
using MeterLab.VirtualRig.Wires;

using Microsoft.Win32.SafeHandles;

namespace MeterLab.MeterDrivers.Tests.Links;

public sealed class PtyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_of_every_value_travel_both_ways_unchanged()
    {
        using var pty = Pty.Open();
        using var slave = OpenSlave(pty.SlavePath);
        var sent = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();

        Assert.True(await pty.WriteAsync(sent, Token));
        Assert.Equal(sent, await ReadExactly(slave.ReadAsync, 256));
        Assert.True(await slave.WriteAsync(sent, Token));
        Assert.Equal(sent, await ReadExactly(pty.ReadAsync, 256));
    }

    [Fact]
    public async Task A_writer_waits_while_the_buffer_is_full_and_no_byte_is_lost()
    {
        using var pty = Pty.Open();
        using var slave = OpenSlave(pty.SlavePath);
        var sent = new byte[300_000];
        new Random(7).NextBytes(sent);

        var writing = pty.WriteAsync(sent, Token).AsTask();
        Assert.Equal(sent, await ReadExactly(slave.ReadAsync, sent.Length));
        Assert.True(await writing);
    }

    [Fact]
    public async Task Hanging_up_ends_both_sides_waits_and_removes_the_path()
    {
        var link = Path.Combine(Path.GetTempPath(), $"meterlab-pty-{Guid.NewGuid():N}");
        using var pty = Pty.Open(link);
        Assert.Equal(link, pty.SlavePath);
        using var slave = OpenSlave(link);
        var far = slave.ReadAsync(new byte[8], Token).AsTask();
        var near = pty.ReadAsync(new byte[8], Token).AsTask();

        pty.HangUp();

        Assert.Equal(0, await far);
        Assert.Equal(0, await near);
        Assert.False(await pty.WriteAsync(new byte[1], Token));
        Assert.False(File.Exists(link));
    }

    [Fact]
    public async Task A_master_outlives_the_drivers_that_come_and_go()
    {
        using var pty = Pty.Open();
        for (var i = 0; i < 3; i++)
        {
            using var slave = OpenSlave(pty.SlavePath);
            await slave.WriteAsync(new[] { (byte)i }, Token);
            Assert.Equal([(byte)i], await ReadExactly(pty.ReadAsync, 1));
        }
    }

    private static SerialDescriptor OpenSlave(string path)
    {
        var descriptor = SerialNative.Open(path, SerialNative.ReadWrite | SerialNative.NonBlocking | SerialNative.NoControllingTerminal | SerialNative.CloseOnExec);
        Assert.True(descriptor >= 0);
        return new SerialDescriptor(new SafeFileHandle(descriptor, ownsHandle: true));
    }

    private static async Task<byte[]> ReadExactly(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, int count)
    {
        var buffer = new byte[count];
        for (var have = 0; have < count;)
        {
            var got = await read(buffer.AsMemory(have), Token);
            Assert.True(got > 0);
            have += got;
        }

        return buffer;
    }
}
