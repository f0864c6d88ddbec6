using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.MeterDrivers.Tests.Polling;
using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests.Modbus;

public sealed class ModbusAllocationTests
{
    [Theory]
    [InlineData("eastron-sdm630", 1)]
    [InlineData("carlo-gavazzi-em24", 8)]
    [InlineData("dzg-dvh4013", 4)]
    [InlineData("schneider-pm5110", 1)]
    public async Task Recording_over_an_instant_wire_allocates_nothing(string model, int inFlight)
    {
        var device = new RegisterDevice();
        device.SetSingle(0x34, 500);
        var settings = new ModbusBusSettings("instant", new TcpCodec(), null, false, _ => ValueTask.FromResult<IByteLink>(new InstantLink(device)));
        await using var bus = new ModbusBus(settings, new FakeHostClock(), new ManualTime());
        await bus.EnsureOpenAsync(TestContext.Current.CancellationToken);
        var profile = new ProfileLibrary(RepositoryFiles.Path("firmware-configs", "meters")).Find(model);
        var source = new ModbusSource(new ModbusClient(bus, 1, TimeSpan.FromSeconds(1), TimeSpan.Zero, inFlight), profile, profile.Registers.Fields);
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

    /// <summary>A wire whose answers lie ready, made once a request and copied: it allocates nothing itself after the first round.</summary>
    private sealed class InstantLink(RegisterDevice device) : IByteLink
    {
        private const int RequestLength = 12;

        private readonly Dictionary<int, byte[]> _answers = [];
        private readonly byte[] _waiting = new byte[16 * FrameCodec.MaxFrame];
        private int _length;
        private int _taken;

        public string Name => "instant";

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            (_length, _taken) = (0, 0);
            for (var i = 0; i < bytes.Length; i += RequestLength)
            {
                var request = bytes.Span.Slice(i, RequestLength);
                var key = (request[8] << 16) | (request[9] << 8) | request[11];
                if (!_answers.TryGetValue(key, out var answer))
                    _answers.Add(key, answer = device.Answer(request.ToArray()));
                request[..2].CopyTo(answer);
                answer.CopyTo(_waiting, _length);
                _length += answer.Length;
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var count = Math.Min(buffer.Length, _length - _taken);
            _waiting.AsSpan(_taken, count).CopyTo(buffer.Span);
            _taken += count;
            return ValueTask.FromResult(count);
        }

        public void DiscardInput() => _taken = _length;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
