using MeterLab.Configuration;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.MeterDrivers.Scanning;

namespace MeterLab.MeterDrivers.Snmp;

/// <summary>
/// Opens <c>snmp://COMMUNITY@HOST[:161]?model=MODEL</c>. The community may be <c>env:NAME</c>; without one it is <c>public</c>. Options: model (a name or
/// a path), version (1 or 2c), unit (of a chain of rack units), timeout.
/// </summary>
public sealed class SnmpOpener : IMeterScanner
{
    private const string Scheme = "snmp";
    private const int DefaultPort = 161;
    private const int PollsPerUpdate = 2;

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = [Scheme];

    /// <inheritdoc/>
    public IReadOnlyList<MeterFacts> Models(MeterEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return [.. new ProfileLibrary(environment.ProfileDirectory).All().Where(profile => profile.Snmp is not null).Select(profile => profile.Facts)];
    }

    /// <inheritdoc/>
    public async Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(environment);
        uri.AllowOptions("model", "version", "unit", "timeout");
        var profile = ProfileUris.Find(uri, environment, "apc-rpdu2");
        var transport = profile.Transport(Scheme);
        if (uri.Host.Length == 0 || uri.Path.Length > 0)
            throw uri.Error("the address is not of the form snmp://COMMUNITY@10.0.0.20?model=apc-rpdu2");
        var map = profile.Snmp!;
        if (uri.Option("unit") is not null && !map.Fields.Any(field => field.Oid.Contains("{u}", StringComparison.Ordinal)))
            throw uri.Error($"unit: the agent of a {profile.Facts.Model} shows a whole chain at once; leave the unit out");
        var options = new SnmpOptions(
            uri.User is { Length: > 0 } community ? Secrets.Resolve(community) : "public",
            Version(uri, map.Version),
            ProfileUris.Timeout(uri, map.Timeout),
            uri.WholeNumber("unit", map.Unit, 0, 255));
        var client = new SnmpClient(uri.Host, uri.Port ?? transport?.Port ?? DefaultPort, environment.Clock, environment.Time);
        var device = new SnmpDevice(profile, client, options);
        try
        {
            await device.StartAsync(cancellationToken).ConfigureAwait(false);
            return new FieldMeter(uri, name, device, FieldLimits.Of(profile), environment, PollsPerUpdate);
        }
        catch
        {
            await device.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<ScanReport> ScanAsync(ScanRequest request, MeterEnvironment environment, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(environment);
        return new ProfileScanner(this, request, environment, namesItself: true).RunAsync(progress, cancellationToken);
    }

    private static int Version(MeterUri uri, int otherwise) => uri.Option("version") switch
    {
        null => otherwise,
        "1" => 1,
        "2c" => 2,
        var text => throw uri.Error($"version: '{text}' is not known here; 1 or 2c is right"),
    };
}
