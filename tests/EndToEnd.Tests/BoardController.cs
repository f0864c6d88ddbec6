using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

using MeterLab.TestKit;

namespace MeterLab.EndToEnd.Tests;

/// <summary>A board controller that speaks Redfish over HTTPS on loopback, with a certificate that nobody but itself has signed.</summary>
internal sealed class BoardController : IDisposable
{
    private const string Account = "monitor";

    private readonly Process _server;
    private readonly string _home;
    private readonly string _certificate;

    private BoardController(Process server, int port, string home, string certificate, string password)
    {
        Password = password;
        _server = server;
        _home = home;
        _certificate = certificate;
        Address = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}/redfish/v1/Chassis/1/Power");
    }

    /// <summary>Why it cannot be started here; null where it can.</summary>
    public static string? Missing =>
        (File.Exists("/usr/bin/python3") ? null : "python3 is missing, which plays the board controller") ?? (File.Exists("/usr/bin/curl") ? null : "curl is missing (apt-get install curl)");

    public string Address { get; }

    public string Password { get; }

    /// <summary>Starts one that always tells this power, for a target whose account lives in <paramref name="home"/>.</summary>
    public static async Task<BoardController> StartAsync(Folder folder, string home, double watts)
    {
        var (certificate, key) = Certify(folder);
        var password = "geheim-" + Guid.NewGuid().ToString("N");
        var server = Process.Start(new ProcessStartInfo(
            "/usr/bin/python3",
            [
                RepositoryFiles.Path("tests", "EndToEnd.Tests", "StandIns", "redfish.py"), certificate, key, $"{Account}:{password}", watts.ToString(CultureInfo.InvariantCulture),
            ])
        { RedirectStandardOutput = true })!;
        var port = await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return new BoardController(server, int.Parse(port!, CultureInfo.InvariantCulture), home, certificate, password);
    }

    /// <summary>Writes what the account on the target tells curl, as docs/estimators.md says.</summary>
    public void Tell(string? password, bool certificate)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home, ".meterlab")).FullName;
        var file = Path.Combine(folder, "redfish.curlrc");
        File.WriteAllText(file, $"user = \"{Account}:{password ?? Password}\"\n" + (certificate ? $"cacert = \"{_certificate}\"\n" : ""));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose()
    {
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
    }

    private static (string Certificate, string Key) Certify(Folder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=board controller", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.FromUnixTimeMilliseconds(new Measurement.Clocks.SystemHostClock().Anchor().UtcNs / 1_000_000);
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return (folder.Write("controller.pem", certificate.ExportCertificatePem()), folder.Write("controller.key", key.ExportECPrivateKeyPem()));
    }
}
