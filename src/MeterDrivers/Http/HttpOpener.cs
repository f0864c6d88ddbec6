using MeterLab.Configuration;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Http;

/// <summary>
/// Opens <c>http://HOST[:80]?model=MODEL</c>. Options: model (a name or a path), user, password (which may be <c>env:NAME</c>; also
/// <c>http://USER:PASSWORD@HOST</c>), timeout.
/// </summary>
public sealed class HttpOpener : ProfileOpener
{
    private const string Scheme = "http";
    private const int DefaultPort = 80;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Schemes { get; } = [Scheme];

    private protected override string Example => "shelly-gen2";

    private protected override int PollsPerUpdate => 2;

    // A plug answers whatever it is asked.
    private protected override bool NamesItself => false;

    private protected override bool Speaks(MeterProfile profile) => profile.Http is not null;

    private protected override string[] OptionsOf(MeterUri uri) => ["model", "user", "password", "timeout"];

    private protected override IFieldDevice DeviceOf(MeterUri uri, MeterProfile profile, MeterEnvironment environment)
    {
        if (uri.Path is not ("" or "/") || System.Uri.CheckHostName(uri.Host) == UriHostNameType.Unknown)
            throw uri.Error("the address is not of the form http://10.0.0.20?model=shelly-gen2; paths are in the profile");
        var map = profile.Http!;
        var (user, password) = Credentials(uri, map);
        var options = new HttpOptions(map.Authentication, user, password, ProfileUris.Timeout(uri, map.Timeout), map.MaxReply);
        var port = uri.Port ?? profile.Transport(Scheme)?.Port ?? DefaultPort;
        return new HttpDevice(profile, new HttpClientLink(uri.Host, port, options, environment.Clock, environment.Time));
    }

    private static (string User, string? Password) Credentials(MeterUri uri, HttpMap map)
    {
        var user = uri.Option("user") ?? map.User;
        var password = uri.Option("password");
        if (uri.User is { Length: > 0 } before)
        {
            var colon = before.StartsWith("env:", StringComparison.Ordinal) ? -1 : before.IndexOf(':', StringComparison.Ordinal);
            if (password is not null || (colon < 0 && !before.StartsWith("env:", StringComparison.Ordinal)))
                throw uri.Error("write USER:PASSWORD before the @, or password=env:NAME as an option, not both");
            user = colon < 0 ? user : before[..colon];
            password = before[(colon + 1)..];
        }

        if (password is null)
            return (user, null);
        return map.Authentication == HttpAuthentication.None
            ? throw uri.Error("this model takes no password")
            : (user, Secrets.Resolve(password));
    }
}
