using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Serial.Mcp39f511n;

/// <summary>Opens <c>serial:///dev/ttyACM0?model=mcp39f511n</c> (two channels, 115200 Bd) and <c>model=mcp39f501</c> (one channel, 4800 Bd).</summary>
internal sealed class McpOpener : IMeterOpener
{
    private const int PollsPerUpdate = 5;
    private const double ShippedWindowSeconds = 0.32;

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["serial"];

    /// <inheritdoc/>
    public IReadOnlyList<MeterFacts> Models(MeterEnvironment environment) => [McpFacts.Two(ShippedWindowSeconds), McpFacts.One];

    /// <inheritdoc/>
    public async Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken)
    {
        var twoChannels = uri.Model == McpFacts.TwoChannels;
        var (_, open) = SerialUris.LineOf(uri, new SerialSettings(twoChannels ? 115200 : 4800));
        var device = new McpDevice(new McpLine(open, uri.Path, environment.Clock, environment.Time), twoChannels);
        return await FieldMeter.StartAsync(uri, name, device, FieldLimits.None, environment, PollsPerUpdate, cancellationToken).ConfigureAwait(false);
    }
}
