using MeterLab.Configuration;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Snmp;

/// <summary>
/// Opens <c>snmp://COMMUNITY@HOST[:161]?model=MODEL</c>. The community may be <c>env:NAME</c>; without one it is <c>public</c>. Options: model (a name or
/// a path), version (1 or 2c), unit (of a chain of rack units), timeout.
/// </summary>
public sealed class SnmpOpener : ProfileOpener
{
    private const string Scheme = "snmp";
    private const int DefaultPort = 161;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Schemes { get; } = [Scheme];

    private protected override string Example => "apc-rpdu2";

    private protected override int PollsPerUpdate => 2;

    private protected override bool Speaks(MeterProfile profile) => profile.Snmp is not null;

    private protected override string[] OptionsOf(MeterUri uri) => ["model", "version", "unit", "timeout"];

    private protected override IFieldDevice DeviceOf(MeterUri uri, MeterProfile profile, MeterEnvironment environment)
    {
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
        var port = uri.Port ?? profile.Transport(Scheme)?.Port ?? DefaultPort;
        return new SnmpDevice(profile, new SnmpClient(uri.Host, port, environment.Clock, environment.Time), options);
    }

    private static int Version(MeterUri uri, int otherwise) => uri.Option("version") switch
    {
        null => otherwise,
        "1" => 1,
        "2c" => 2,
        var text => throw uri.Error($"version: '{text}' is not known here; 1 or 2c is right"),
    };
}
