using MeterLab.Configuration;
using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.MeterDrivers.Scanning;

namespace MeterLab.MeterDrivers.Http;

/// <summary>
/// Opens <c>http://HOST[:80]?model=MODEL</c>. Options: model (a name or a path), user, password (which may be <c>env:NAME</c>; also
/// <c>http://USER:PASSWORD@HOST</c>), timeout.
/// </summary>
public sealed class HttpOpener : IMeterScanner
{
    private const string Scheme = "http";
    private const int DefaultPort = 80;
    private const int PollsPerUpdate = 2;

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = [Scheme];

    /// <inheritdoc/>
    public IReadOnlyList<MeterFacts> Models(MeterEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return [.. new ProfileLibrary(environment.ProfileDirectory).All().Where(profile => profile.Http is not null).Select(profile => profile.Facts)];
    }

    /// <inheritdoc/>
    public async Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(environment);
        uri.AllowOptions("model", "user", "password", "timeout");
        var profile = ProfileUris.Find(uri, environment, "shelly-gen2");
        if (uri.Path is not ("" or "/") || System.Uri.CheckHostName(uri.Host) == UriHostNameType.Unknown)
            throw uri.Error("the address is not of the form http://10.0.0.20?model=shelly-gen2; paths are in the profile");
        var map = profile.Http!;
        var (user, password) = Credentials(uri, map);
        var options = new HttpOptions(map.Authentication, user, password, ProfileUris.Timeout(uri, map.Timeout), map.MaxReply);
        var port = uri.Port ?? profile.Transport(Scheme)?.Port ?? DefaultPort;
        var device = new HttpDevice(profile, new HttpClientLink(uri.Host, port, options, environment.Clock, environment.Time));
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
        return new ProfileScanner(this, request, environment, namesItself: false).RunAsync(progress, cancellationToken);
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
