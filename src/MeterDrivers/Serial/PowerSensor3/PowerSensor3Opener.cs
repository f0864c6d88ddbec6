using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>
/// Opens streaming meters on a serial line: <c>serial:///dev/ttyACM0?model=powersensor3</c>. Options: calibrated=true where the device was
/// calibrated against a known load; average=N makes one sample of N sets (1, the default, keeps every raw level); sensors=FILE.yaml says what its sensors must be
/// configured as.
/// </summary>
public sealed class PowerSensor3Opener : IMeterOpener
{
    private const int MostAveraged = 10_000;

    // A USB device ignores the speed; a high one keeps a real serial bridge from being the bottleneck.
    private static readonly SerialSettings Line = new(921600);

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["serial"];

    /// <inheritdoc/>
    public IReadOnlyList<MeterFacts> Models(MeterEnvironment environment) => [PowerSensor3Facts.Of(calibrated: false, average: 1)];

    /// <inheritdoc/>
    public Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken) =>
        OpenAsync(uri, name, environment, (meter, token) => meter.StartAsync(token), cancellationToken);

    /// <inheritdoc/>
    public Task<IMeter> OpenAsItIsAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken) =>
        OpenAsync(uri, name, environment, (meter, token) => meter.StartAsItIsAsync(token), cancellationToken);

    private static async Task<IMeter> OpenAsync(
        MeterUri uri, string name, MeterEnvironment environment, Func<PowerSensor3Meter, CancellationToken, Task> start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(environment);
        if (uri.Model != PowerSensor3Facts.Model)
            throw uri.Error($"model: '{uri.Model ?? "none"}' is no meter on a plain serial line that MeterLab knows; {PowerSensor3Facts.Model} is one");
        uri.AllowOptions("model", "calibrated", "average", "sensors");
        if (uri.Host.Length > 0 || uri.Path.Length < 2)
            throw uri.Error("the device file is missing; write for instance serial:///dev/ttyACM0");
        var wanted = uri.Option("sensors") is { } file ? WantedSensor.Load(file) : null;
        var options = new PowerSensor3Options(ProfileUris.Switch(uri, "calibrated"), uri.WholeNumber("average", 1, 1, MostAveraged), wanted);
        var path = uri.Path;
        var meter = new PowerSensor3Meter(uri, name, environment, options, () => SerialLink.Open(path, Line));
        return await Opening.StartAsync(meter, start, cancellationToken).ConfigureAwait(false);
    }
}
