using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.MeterDrivers.Tests.Polling;
using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests.Modbus;

public sealed class ModbusAllocationTests
{
    [Fact]
    public async Task Recording_over_an_instant_wire_allocates_nothing()
    {
        var device = new RegisterDevice();
        device.SetSingle(0x34, 500);
        var settings = new ModbusBusSettings("instant", new TcpCodec(), null, false, _ => ValueTask.FromResult<IByteLink>(new InstantLink(device)));
        await using var bus = new ModbusBus(settings, new FakeHostClock(), new ManualTime());
        await bus.EnsureOpenAsync(TestContext.Current.CancellationToken);
        var profile = new ProfileLibrary(RepositoryFiles.Path("firmware-configs", "meters")).Find("eastron-sdm630");
        var source = new ModbusSource(new ModbusClient(bus, 1, TimeSpan.FromSeconds(1), TimeSpan.Zero), profile, profile.Registers.Fields);
        var samples = new RawSample[profile.Registers.Fields.Count];
        Read(500);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(5000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, 1000);

        void Read(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var read = source.SampleAsync(samples, CancellationToken.None);
                Assert.True(read.IsCompletedSuccessfully && read.GetAwaiter().GetResult());
            }
        }
    }

    /// <summary>A wire whose answer lies ready, made once a request and copied: it allocates nothing itself after the first round.</summary>
    private sealed class InstantLink(RegisterDevice device) : IByteLink
    {
        private readonly Dictionary<int, byte[]> _answers = [];
        private byte[] _answer = [];
        private int _taken;

        public string Name => "instant";

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            var request = bytes.Span;
            var key = (request[8] << 16) | (request[9] << 8) | request[11];
            if (!_answers.TryGetValue(key, out var answer))
                _answers.Add(key, answer = device.Answer(bytes.ToArray()));
            request[..2].CopyTo(answer);
            (_answer, _taken) = (answer, 0);
            return ValueTask.CompletedTask;
        }

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var count = Math.Min(buffer.Length, _answer.Length - _taken);
            _answer.AsSpan(_taken, count).CopyTo(buffer.Span);
            _taken += count;
            return ValueTask.FromResult(count);
        }

        public void DiscardInput() => _taken = _answer.Length;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
