using System.Collections.Concurrent;

using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.I2c;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Serial.PowerSensor3;
using MeterLab.Orchestrator.Targets;
using MeterLab.TestKit;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Tests.Bench;

/// <summary>The whole virtual rig through the drivers that read hardware.</summary>
[Collection(RealTime.Name)]
public sealed class VirtualBenchTests : IAsyncDisposable
{
    private static readonly string Profiles = RepositoryFiles.Path("firmware-configs", "meters");
    private readonly SystemHostClock _clock = new();
    private readonly VirtualBench _bench;
    private readonly MeterFactory _meters;

    public VirtualBenchTests()
    {
        _bench = new VirtualBench(VirtualRigDefinition.Default(42), _clock, TimeProvider.System, Profiles);
        var environment = new MeterEnvironment { Clock = _clock, ProfileDirectory = Profiles, OpenI2cBus = _bench.OpenI2cBus };
        _meters = new MeterFactory(environment, [new ModbusOpener(), new I2cOpener(), new PowerSensor3Opener()]);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("wall", "l1", 0.006)]
    [InlineData("pdu", "outlet-1", 0.03)]
    [InlineData("mains", "l1", 0.015)]
    [InlineData("sdm120", "total", 0.015)]
    [InlineData("cpu12v", "ch1", 0.02)]
    [InlineData("gpu12v", "ch1", 0.02)]
    [InlineData("rails", "total", 0.03)]
    public async Task Every_meter_is_read_over_its_own_wire_and_shows_what_the_machine_draws(string name, string channel, double within)
    {
        var scope = _bench.Meters.Single(meter => meter.Name == name).Scope;
        await using var meter = await _meters.OpenAsync(_bench.Resolve(MeterUri.Parse($"virtual://{name}")), name, Cancel);
        await meter.IdentifyAsync(Cancel);
        var readings = await meter.ReadAsync(Cancel);
        var truth = _bench.Truth.MeanBetween(scope, _bench.Truth.BeginNs, _clock.MonotonicNs).Value;
        var power = readings.Single(r => r.Channel == channel && r.Quantity == Quantity.ActivePower).Value!.Value;
        Assert.InRange(power, truth * (1 - within) - 0.5, truth * (1 + within) + 0.5);
        Assert.Contains(meter.Traces, trace => trace.Channel == new ChannelId(name, channel) && trace.Quantity == Quantity.ActivePower);
    }

    [Fact]
    public void An_address_is_given_once_and_an_unknown_name_is_told_the_known_ones()
    {
        Assert.Same(_bench.Resolve(MeterUri.Parse("virtual://wall")), _bench.Resolve(MeterUri.Parse("virtual://wall")));
        var error = Assert.Throws<ConfigurationException>(() => _bench.Resolve(MeterUri.Parse("virtual://wal")));
        Assert.Contains("wall", error.Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => _bench.OpenTarget("node7"));
    }

    [Fact]
    public async Task A_workloads_energy_is_on_the_meter_and_in_the_truth()
    {
        await using var target = _bench.OpenTarget("node1");
        var runner = new WorkloadRunner(target);
        await using var meter = await _meters.OpenAsync(_bench.Resolve(MeterUri.Parse("virtual://wall")), "wall", Cancel);
        var trace = meter.Traces.ToList().FindIndex(t => t.Channel.Channel == "l1" && t.Quantity == Quantity.ActivePower);
        var sink = new Sink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var recording = meter.AcquireAsync(new AcquisitionRequest([trace]), sink, stop.Token);

        var spec = new WorkloadSpec
        {
            Run = "burn-1",
            Helper = target.ClockHelper!,
            Script = "i=0; while [ $i -lt 1500000 ]; do i=$((i+1)); done",
            Timeout = TimeSpan.FromMinutes(1),
        };
        var run = await runner.StartAsync(spec, Cancel);
        await runner.WaitAsync(run, TimeSpan.FromSeconds(20), Cancel);
        var record = await runner.CollectAsync(run, Cancel);
        await Task.Delay(600, Cancel);
        await stop.CancelAsync();
        await recording;

        Assert.NotNull(record);
        Assert.Equal(0, record.ExitCode);
        var seconds = (record.EndNs - record.StartNs) * 1e-9;
        var truth = _bench.TruthOf(Scope.WallAc, record.StartNs, record.EndNs);
        Assert.NotNull(truth);
        var (from, to) = (_bench.HostFromTarget(record.StartNs), _bench.HostFromTarget(record.EndNs));
        var inside = sink.Samples.Where(s => s.AfterNs >= from && s.AfterNs <= to).Select(s => meter.Traces[trace].Scale.ToValue(s.Code)).ToArray();
        // How much processor the workload got is the machine's affair; the rail must show what it got.
        var world = new WorldParameters();
        var onRail = _bench.TruthOf(Scope.CpuDc, record.StartNs, record.EndNs)!.Value.Value - world.CpuIdleWatts * seconds;
        var work = world.CpuWattsPerBusyCore * record.CpuSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"run {seconds:F3} s, {record.CpuSeconds:F3} s of processor, rail {onRail:F2} J for {work:F2} J, "
            + $"wall {truth.Value.Value / seconds:F1} W, meter {inside.Average():F1} W over {inside.Length}");
        Assert.True(record.CpuSeconds > 0.5, "the workload did not work");
        Assert.InRange(onRail, 0.9 * work - 3 - 0.6 * seconds, 1.1 * work + 3 + 0.6 * seconds);
        Assert.InRange(inside.Average(), 0.8 * truth.Value.Value / seconds, 1.2 * truth.Value.Value / seconds);
        Assert.Null(_bench.TruthOf(Scope.DramDc, record.StartNs, record.EndNs));
        Assert.Null(_bench.TruthOf(Scope.WallAc, record.StartNs, record.EndNs + 3_600_000_000_000));
    }

    [Fact]
    public async Task The_stream_of_the_rails_has_no_loss_and_their_energy_is_the_truth()
    {
        await using var meter = await _meters.OpenAsync(_bench.Resolve(MeterUri.Parse("virtual://rails")), "rails", Cancel);
        var trace = meter.Traces.ToList().FindIndex(t => t.Channel.Channel == "total" && t.Quantity == Quantity.ActivePower);
        var sink = new Sink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var recording = meter.AcquireAsync(new AcquisitionRequest([trace]), sink, stop.Token);
        var begin = _clock.MonotonicNs;
        await Task.Delay(2000, Cancel);
        await stop.CancelAsync();
        await recording;

        var samples = sink.Samples.ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine($"{samples.Length} sets, flags {string.Join(' ', samples.Select(s => s.Flags).Distinct())}");
        Assert.InRange(samples.Length, 2000, 5000);
        Assert.All(samples.Zip(samples.Skip(1)), pair => Assert.InRange(pair.Second.DeviceNs - pair.First.DeviceNs, 499_000, 501_000));
        var mean = samples.Average(s => meter.Traces[trace].Scale.ToValue(s.Code));
        var truth = _bench.Truth.MeanBetween(Scope.PsuDc, begin, begin + 1_500_000_000).Value;
        // 1 % each pair, and levels of a converter of ten bits.
        Assert.InRange(mean, truth * 0.97, truth * 1.03);
    }

    [Fact]
    public async Task The_targets_clock_is_wrong_by_what_the_rig_says()
    {
        await using var target = _bench.OpenTarget("node1");
        var helper = target.ClockHelper!;
        var before = _clock.MonotonicNs;
        var result = await target.RunAsync(
            [.. helper.Shell, "-c", helper.Snippet + "meterlab_now; echo $NOW"], new CommandOptions(TimeSpan.FromSeconds(10)), Cancel);
        var after = _clock.MonotonicNs;
        var instant = _bench.HostFromTarget(long.Parse(result.Output.Trim(), System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(instant, before - 5_000, after + 5_000);
    }

    [Fact]
    public async Task Nothing_is_left_behind()
    {
        var bench = new VirtualBench(VirtualRigDefinition.Default(1), _clock, TimeProvider.System, Profiles);
        var address = bench.Resolve(MeterUri.Parse("virtual://rails"));
        Assert.True(File.Exists(address.Path));
        await bench.DisposeAsync();
        Assert.False(File.Exists(address.Path));
        Assert.False(Directory.Exists(Path.GetDirectoryName(Path.GetDirectoryName(address.Path))));
    }

    private sealed class Sink : ISampleSink
    {
        public ConcurrentQueue<RawSample> Samples { get; } = new();

        public void Accept(int trace, in RawSample sample) => Samples.Enqueue(sample);

        public void Report(AcquisitionEvent acquisitionEvent)
        {
        }
    }
}
