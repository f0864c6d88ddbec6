using Microsoft.Extensions.Time.Testing;

using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Serial;
using MeterLab.MeterDrivers.Settings;

namespace MeterLab.MeterDrivers.Tests.Serial;

/// <summary>The sensors' configuration in a PowerSensor3's memory, read back and written over a pseudo terminal.</summary>
public sealed class PowerSensor3SettingsTests : IDisposable
{
    // Sensor 2 was calibrated and sits the wrong way round; pair 3 is not wired.
    private const string Wanted = """
        sensors:
          0: { type: MLX10, name: PCIe, reference: 1.65V, sensitivity: 0.12 }
          2: { type: MLX20, name: CPU, reference: 1.6512V, sensitivity: -0.0615 }
          4: unused
        """;

    private static readonly MeterEnvironment Environment = new() { Clock = new SystemHostClock(), ProfileDirectory = "." };

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"meterlab-sensors-{Guid.NewGuid():N}.yaml");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Without_a_file_the_configuration_is_recorded_and_nothing_is_wanted()
    {
        await using var device = new FakePowerSensor3();
        await using var meter = await OpenAsItIsAsync(device);

        var settings = await meter.ReadSettingsAsync(Token);

        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"sensor-{i}"), settings.Select(setting => setting.Name));
        Assert.Equal("MLX10 'PCIe', reference 1.65 V, sensitivity 0.12", settings[0].Value);
        Assert.Equal("div 'EPS', reference 0 V, sensitivity 0.0909", settings[3].Value);
        Assert.Equal("not in use", settings[4].Value);
        Assert.All(settings, setting => Assert.True(setting is { Wanted: null, IsRight: true, CanWrite: false }));
        await Assert.ThrowsAsync<ArgumentException>(() => meter.WriteSettingAsync("sensor-0", Token));
        Assert.Equal(0, device.Configurations);
    }

    [Fact]
    public async Task What_differs_is_seen_written_once_and_right_afterwards_and_the_rest_stays_byte_by_byte()
    {
        await using var device = new FakePowerSensor3();
        // Sixteen characters without a zero, not all of them text: a record that no person wrote.
        byte[] odd = [.. Enumerable.Range(0xF0, 16).Select(i => (byte)i)];
        odd.CopyTo(device.Records, 41);
        var before = device.Records.ToArray();
        await using var meter = await OpenAsItIsAsync(device, Wanted);

        var settings = await meter.ReadSettingsAsync(Token);

        Assert.Equal([2], Enumerable.Range(0, 8).Where(i => !settings[i].IsRight));
        Assert.Equal("MLX20 'CPU', reference 1.6512 V, sensitivity -0.0615", settings[2].Wanted);
        Assert.Equal([true, false, true, false, true, false, false, false], settings.Select(setting => setting.CanWrite));
        Assert.Equal(0, device.Configurations);

        await meter.WriteSettingAsync("sensor-2", Token);
        await meter.WriteSettingAsync("sensor-2", Token);

        Assert.Equal(1, device.Configurations);
        Assert.All(await meter.ReadSettingsAsync(Token), setting => Assert.True(setting.IsRight, setting.Name));
        FakePowerSensor3.Record("MLX20", "CPU", 1.6512f, -0.0615f, true).CopyTo(before, 2 * 41);
        Assert.Equal(before, device.Records);
    }

    [Fact]
    public async Task An_unwired_pair_is_put_out_of_use_with_the_rest_of_its_record()
    {
        await using var device = new FakePowerSensor3();
        var before = device.Records.ToArray();
        await using var meter = await OpenAsItIsAsync(device, "sensors:\n  2: unused\n  3: unused\n");

        await meter.WriteSettingAsync("sensor-2", Token);

        (before[2 * 41 + 40], before[3 * 41 + 40]) = (0, 0);
        Assert.Equal(before, device.Records);
        await meter.DisposeAsync();
        await using var again = await new SerialOpener().OpenAsync(Uri(device, _file), "gpu", Environment, Token);
        Assert.Equal(["gpu/ch1", "gpu/total"], again.Traces.Select(trace => trace.Channel.ToString()));
    }

    [Fact]
    public async Task A_device_that_is_configured_otherwise_is_not_measured_with()
    {
        await using var device = new FakePowerSensor3();
        File.WriteAllText(_file, Wanted);

        var refused = await Assert.ThrowsAsync<MeterException>(() => new SerialOpener().OpenAsync(Uri(device, _file), "gpu", Environment, Token));

        Assert.Equal(MeterFailure.WrongSettings, refused.Failure);
        Assert.Contains("sensor-2 is MLX10 'EPS', reference 1.65 V, sensitivity 0.12, where MLX20 'CPU'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_opened_for_its_settings_gives_no_watts()
    {
        await using var device = new FakePowerSensor3();
        await using var meter = await OpenAsItIsAsync(device, Wanted);

        await Assert.ThrowsAsync<MeterException>(() => meter.ReadAsync(Token));
        await meter.DisposeAsync();

        // Nor one whose sensors were written after it had been opened to be read.
        await using var open = Assert.IsType<IMeterSettings>(
            await new SerialOpener().OpenAsync(Uri(device, Write("sensors:\n  0: { type: MLX10, name: PCIe, reference: 1.65V, sensitivity: 0.12 }\n")), "gpu", Environment, Token), exactMatch: false);
        Assert.True((await open.ReadAsync(Token)).Single(reading => reading is { Channel: "total", Quantity: Quantity.ActivePower }).Value > 0);
        FakePowerSensor3.Record("MLX50", "PCIe", 1.65f, 0.024f, true).CopyTo(device.Records, 0);
        await open.WriteSettingAsync("sensor-0", Token);
        await Assert.ThrowsAsync<MeterException>(() => open.ReadAsync(Token));
    }

    [Fact]
    public async Task A_device_that_keeps_its_old_configuration_is_found_out()
    {
        await using var device = new FakePowerSensor3 { Forgets = true };
        await using var meter = await OpenAsItIsAsync(device, Wanted);

        await meter.WriteSettingAsync("sensor-2", Token);

        Assert.Equal(1, device.Configurations);
        Assert.False((await meter.ReadSettingsAsync(Token))[2].IsRight);
    }

    [Fact]
    public async Task A_device_that_never_confirms_is_given_up()
    {
        await using var device = new FakePowerSensor3 { FallsSilent = true };
        var time = new FakeTimeProvider();
        var opening = OpenAsItIsAsync(device, Wanted, Environment with { Time = time });
        await PassAsync(time, opening, 1);
        await using var meter = await opening;
        var writing = meter.WriteSettingAsync("sensor-2", Token);
        while (device.Configurations == 0 && !writing.IsCompleted)
            await Task.Delay(1, Token);
        await PassAsync(time, writing, 5);

        var failure = await Assert.ThrowsAsync<LinkException>(() => writing);
        Assert.Equal(LinkFailure.TimedOut, failure.Failure);
    }

    [Theory]
    [InlineData("sensors:\n  8: unused\n", "'8'")]
    [InlineData("sensors:\n  0: off\n", "'off' is not known here")]
    [InlineData("sensors:\n  0: { type: MLX10, name: PCIe, reference: 1.65V }\n", "'sensitivity' is missing")]
    [InlineData("sensors:\n  0: { type: MLX10, name: PCIe, reference: 1.65V, sensitivity: 0 }\n", "is no sensitivity")]
    [InlineData("sensors:\n  0: { type: MLX10, name: PCIe, reference: 1.65, sensitivity: 0.12 }\n", "unit")]
    [InlineData("sensors:\n  0: { type: MLX10, name: PCIe, reference: 165V, sensitivity: 0.12 }\n", "0V to 3.3V")]
    [InlineData("sensors:\n  0: { type: MLX10, name: sixteen-letters-, reference: 1.65V, sensitivity: 0.12 }\n", "at most 15")]
    public async Task A_mistake_in_the_file_is_said_with_its_place(string text, string words)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(
            () => new SerialOpener().OpenAsync(MeterUri.Parse($"serial:///dev/null?model=powersensor3&sensors={Write(text)}"), "gpu", Environment, Token));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(_file, error.Message, StringComparison.Ordinal);
    }

    // Time passes while something is waited for, so many times faster than outside.
    private static async Task PassAsync(FakeTimeProvider time, Task task, int faster)
    {
        var step = TimeSpan.FromMilliseconds(5);
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, Task.Delay(step, Token));
            time.Advance(faster * step);
        }
    }

    private string Write(string text)
    {
        File.WriteAllText(_file, text);
        return _file;
    }

    private static MeterUri Uri(FakePowerSensor3 device, string? file = null) =>
        MeterUri.Parse($"serial://{device.Pty.SlavePath}?model=powersensor3{(file is null ? "" : $"&sensors={file}")}");

    private async Task<IMeterSettings> OpenAsItIsAsync(FakePowerSensor3 device, string? wanted = null, MeterEnvironment? environment = null) => Assert.IsType<IMeterSettings>(
        await new SerialOpener().OpenAsItIsAsync(Uri(device, wanted is null ? null : Write(wanted)), "gpu", environment ?? Environment, Token), exactMatch: false);
}
