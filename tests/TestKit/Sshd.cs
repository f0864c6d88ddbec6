using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MeterLab.TestKit;

/// <summary>
/// A real OpenSSH server on loopback, started by whoever runs the tests, with keys of its own and a home of its own. It can be
/// frozen, and its sessions can be killed.
/// </summary>
public sealed class Sshd : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";

    private readonly DirectoryInfo _folder;
    private readonly Func<Sshd, IReadOnlyList<string>> _wrapper;
    private Process? _server;

    private Sshd(DirectoryInfo folder, int port, Func<Sshd, IReadOnlyList<string>> wrapper)
    {
        _folder = folder;
        _wrapper = wrapper;
        Port = port;
    }

    /// <summary>Why no server can be started here; null where one can.</summary>
    public static string? Missing => File.Exists(Program) ? null : $"{Program} is missing (apt-get install openssh-server)";

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The account: whoever runs the tests.</summary>
    public string User { get; } = Environment.UserName;

    /// <summary>A private key that may log in.</summary>
    public string IdentityFile => Path.Combine(_folder.FullName, "client");

    /// <summary>The host's public key file.</summary>
    public string HostKeyFile => Path.Combine(_folder.FullName, "host.pub");

    /// <summary>HOME of the sessions.</summary>
    public string Home => Path.Combine(_folder.FullName, "home");

    /// <summary>A path in the server's own folder.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>The host key's blob, as it stands in known_hosts.</summary>
    public byte[] HostKey => Convert.FromBase64String(File.ReadAllText(HostKeyFile).Split(' ')[1]);

    /// <summary>Starts one; <paramref name="configuration"/> is appended to its configuration.</summary>
    public static Task<Sshd> StartAsync(CancellationToken cancellationToken, params IReadOnlyList<string> configuration) =>
        StartAsync(_ => [], cancellationToken, configuration);

    /// <summary>
    /// Starts one through another program: the wrapper's words come before sshd's, it may write the SetEnv line
    /// that is missing then, and it ends when sshd does.
    /// </summary>
    internal static async Task<Sshd> StartAsync(
        Func<Sshd, IReadOnlyList<string>> wrapper, CancellationToken cancellationToken, params IReadOnlyList<string> configuration)
    {
        var sshd = new Sshd(Directory.CreateTempSubdirectory("meterlab-sshd-"), FreePort(), wrapper);
        await Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", sshd.PathOf("host"));
        await Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", sshd.IdentityFile);
        Directory.CreateDirectory(sshd.Home);
        File.Copy(sshd.IdentityFile + ".pub", sshd.PathOf("authorized_keys"));
        string[] lines =
        [
            $"Port {sshd.Port}", "ListenAddress 127.0.0.1", $"HostKey {sshd.PathOf("host")}", $"PidFile {sshd.PathOf("pid")}",
            $"AuthorizedKeysFile {sshd.PathOf("authorized_keys")}", "UsePAM no", "StrictModes no", "PasswordAuthentication no",
            "PermitRootLogin prohibit-password", "MaxStartups 100", .. configuration,
        ];
        if (!sshd.Wrapped && !configuration.Any(line => line.StartsWith("SetEnv", StringComparison.Ordinal)))
            lines = [.. lines, $"SetEnv HOME={sshd.Home}"];
        await File.WriteAllLinesAsync(sshd.PathOf("config"), lines, cancellationToken);
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        await sshd.LaunchAsync(cancellationToken);
        return sshd;
    }

    /// <summary>Gives the host another key and starts the server anew, as a reinstalled machine would.</summary>
    public async Task ChangeHostKeyAsync(CancellationToken cancellationToken)
    {
        await StopAsync();
        File.Delete(PathOf("host"));
        File.Delete(HostKeyFile);
        await Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", PathOf("host"));
        await LaunchAsync(cancellationToken);
    }

    /// <summary>Stops every process of the server without ending it: the network still takes packets, and nobody answers.</summary>
    public Task FreezeAsync() => Signal("STOP", [_server!.Id, .. Sessions()]);

    /// <summary>Lets it go on.</summary>
    public Task ThawAsync() => Signal("CONT", [_server!.Id, .. Sessions()]);

    /// <summary>Kills the server's sessions, not what runs in them.</summary>
    public Task KillSessionsAsync() => Signal("KILL", Sessions());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StopAsync()
    {
        if (_server is null)
            return;
        // A wrapper ends by itself and clears away what it made.
        await Signal("KILL", Wrapped ? Sessions() : [.. Sessions(), _server.Id]);
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        string[] words = [.. _wrapper(this), Program, "-D", "-E", PathOf("log"), "-f", PathOf("config")];
        _server = Process.Start(new ProcessStartInfo(words[0], words[1..]))!;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                return;
            }
            catch (SocketException) when (attempt < 100 && !_server.HasExited)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    private bool Wrapped => _wrapper(this).Count > 0;

    // Descendants of the server that are sshd themselves; the programs in the sessions are left out.
    private List<int> Sessions()
    {
        var parents = new Dictionary<int, (int Parent, string Name)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                var stat = File.ReadAllText($"{folder}/stat");
                var end = stat.LastIndexOf(')');
                var name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..end];
                parents[id] = (int.Parse(stat[(end + 2)..].Split(' ')[1], CultureInfo.InvariantCulture), name);
            }
            catch (IOException)
            {
                // It ended between the listing and the reading.
            }
        }

        var found = new List<int>();
        var level = new List<int> { _server!.Id };
        while (level.Count > 0)
        {
            level = [.. parents.Where(pair => level.Contains(pair.Value.Parent) && pair.Value.Name.StartsWith("sshd", StringComparison.Ordinal)).Select(pair => pair.Key)];
            found.AddRange(level);
        }

        return found;
    }

    private static async Task Signal(string signal, List<int> processes)
    {
        if (processes.Count == 0)
            return;
        // One may have ended by itself; kill's exit code says nothing that matters here.
        using var kill = Process.Start(new ProcessStartInfo(
            "kill", ["-s", signal, .. processes.Select(id => id.ToString(CultureInfo.InvariantCulture))]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
    }

    private static async Task Run(string program, params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} exited with {process.ExitCode}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
