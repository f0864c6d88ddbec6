using System.Globalization;

namespace MeterLab.TestKit;

/// <summary>
/// A real OpenSSH server whose sessions live in another time (libfaketime): every program in them, but for statically linked ones,
/// reads a real-time clock that is off, runs too fast or steps. CLOCK_MONOTONIC is left alone, so that a program in a session can
/// tell the truth: its shifted clock between two readings of the line that it shares with the lab host.
/// </summary>
public sealed class FakeTimeSshd : IAsyncDisposable
{
    private const string Wrapper = "/usr/bin/faketime";

    private const string TruthProgram = """
        import sys, time
        def bracket():
            a = time.monotonic_ns(); r = time.time_ns(); b = time.monotonic_ns()
            return b - a, a, r, b
        for _ in sys.stdin:
            print(*min(bracket() for _ in range(200))[1:], flush=True)
        """;

    // SetEnv counts once only, so the line carries HOME too. The names of the shared clock are known inside faketime alone, and
    // sshd itself must not live in the other time: it would not survive its own sandbox.
    private const string Script = """
        echo "SetEnv \"HOME=$1\" FAKETIME_DONT_FAKE_MONOTONIC=1 \"LD_PRELOAD=$LD_PRELOAD\" $2 \"FAKETIME_SHARED=$FAKETIME_SHARED\"" >>"$3"
        shift 3
        exec env -u LD_PRELOAD -u FAKETIME -u FAKETIME_SHARED -u FAKETIME_DONT_FAKE_MONOTONIC "$@"
        """;

    private readonly string? _timestampFile;

    private FakeTimeSshd(Sshd server, string? timestampFile)
    {
        Server = server;
        _timestampFile = timestampFile;
    }

    /// <summary>Why no such server can be started here; null where one can.</summary>
    public static string? Missing => Sshd.Missing
        ?? (File.Exists(Wrapper) ? null : $"{Wrapper} is missing (apt-get install faketime)")
        ?? (File.Exists("/usr/bin/python3") ? null : "/usr/bin/python3 is missing, which reads the shifted clock");

    /// <summary>The server.</summary>
    public Sshd Server { get; }

    /// <summary>The program, run in a session, that answers every line with the truth: line before, shifted clock, line after, ns.</summary>
    public static IReadOnlyList<string> Truth { get; } = ["/usr/bin/python3", "-u", "-S", "-c", TruthProgram];

    /// <summary>Starts a server whose clock is this much ahead (s) and fast (ppm).</summary>
    public static async Task<FakeTimeSshd> StartAsync(double offsetS, double ppm, CancellationToken cancellationToken)
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"{offsetS:+0.0##;-0.0##} x{1 + ppm * 1e-6:0.000000}");
        return new FakeTimeSshd(await StartAsync(time, $"\"FAKETIME={time}\"", cancellationToken), null);
    }

    /// <summary>Starts a server whose clock is right until <see cref="StepTo"/>.</summary>
    public static async Task<FakeTimeSshd> StartSteppableAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(Path.GetTempPath(), $"meterlab-faketime-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(file, "+0.0", cancellationToken);
        var server = await StartAsync("+0", $"\"FAKETIME_TIMESTAMP_FILE={file}\" FAKETIME_NO_CACHE=1", cancellationToken);
        return new FakeTimeSshd(server, file);
    }

    /// <summary>Steps the clock to this many seconds from the true time, for every program in every session at once.</summary>
    public void StepTo(double offsetS)
    {
        var file = _timestampFile ?? throw new InvalidOperationException("Only a server started for it can step.");
        // Replaced as a whole: a program that reads half a number would be somewhere else altogether.
        File.WriteAllText(file + ".new", string.Create(CultureInfo.InvariantCulture, $"{offsetS:+0.0##;-0.0##}"));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_timestampFile is not null)
            File.Delete(_timestampFile);
    }

    private static Task<Sshd> StartAsync(string time, string settings, CancellationToken cancellationToken) => Sshd.StartAsync(
        sshd => [Wrapper, "-f", time, "sh", "-c", Script, "sh", sshd.Home, settings, sshd.PathOf("config")],
        cancellationToken);
}
