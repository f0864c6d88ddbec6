using System.Globalization;

using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Targets;
using MeterLab.Orchestrator.Tests.Targets;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Clocks;

/// <summary>Machines that have less and less: the quickest way to tell the time is found, and its resolution is in what is stated.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ClockHelperTests
{
    // What a shell needs besides, so that nothing but the way to tell the time differs.
    private static readonly string[] Usual = ["cat", "getconf", "mkdir", "mkfifo", "mktemp", "rm", "sleep"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bash", 1_000, "bash", "date")]
    [InlineData("python3", 1, "python3", "date")]
    [InlineData("perl", 1_000, "perl", "date")]
    [InlineData("date", 1, "date")]
    [InlineData("busybox", 1_000, "busybox", "date=seconds")]
    [InlineData("date", 1_000_000_000, "date=seconds")]
    public async Task The_quickest_way_that_is_there_is_found_and_tells_the_time(string expected, long resolutionNs, params string[] programs)
    {
        Assert.SkipWhen(Sshd.Missing is not null, Sshd.Missing ?? "");
        Assert.SkipWhen(programs.Contains("busybox") && Find("busybox") is null, "busybox is missing (apt-get install busybox)");
        using var folder = new ProgramFolder();
        foreach (var program in (string[])["sh", .. Usual, .. programs])
            folder.Add(program);
        await using var sshd = await Sshd.StartAsync(Token, $"SetEnv \"HOME={folder.Path}\" \"PATH={folder.Path}\"");
        await using var target = new SshTarget("box", SshdFixture.OptionsFor(sshd) with { HostKey = KnownHosts.Fingerprint(sshd.HostKey) }, new SystemHostClock());

        var helper = await TargetClock.FindHelperAsync(target, Token);
        Assert.Equal((expected, resolutionNs), (helper.Name, helper.ResolutionNs));
        await using var clock = await TargetClock.OpenAsync(target, helper, Token);
        var probes = await TargetClock.ProbeAsync(clock, ProbeOptions.For(1), TimeProvider.System, Token);

        var map = Assert.Single(ClockFit.Fit(probes, ClockId.Target("box")).Segments);
        var anchor = new SystemHostClock().Anchor();
        var error = Math.Abs(map.OffsetNs + map.OffsetFractionNs - (anchor.UtcNs - anchor.MonotonicNs));
        Assert.True(error <= 2 * map.OffsetUncertaintyNs, string.Create(CultureInfo.InvariantCulture, $"off by {error} ns, stated {2 * map.OffsetUncertaintyNs} ns"));
        // A second's resolution cannot be better than the truth that some reading turned a second over in a known moment.
        Assert.InRange(2 * map.OffsetUncertaintyNs, 1_000, resolutionNs >= 1_000_000_000 ? 2e9 : 5e7);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"off by {error * 1e-3:0} us, stated {2e-3 * map.OffsetUncertaintyNs:0} us"));
    }

    private static string? Find(string program) =>
        ((string[])["/usr/bin", "/bin", "/usr/sbin"]).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private sealed class ProgramFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meterlab-programs-");

        public string Path => _folder.FullName;

        public void Add(string program)
        {
            if (program == "date=seconds")
            {
                // As on small systems: nanoseconds come out as they were asked for.
                var file = System.IO.Path.Combine(Path, "date");
                File.WriteAllText(file, $"#!{Find("sh")}\n[ \"$1\" = +%s ] && exec {Find("date")} +%s\nexec {Find("date")} +%s%%N\n");
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            else if (Find(program) is { } there)
            {
                File.CreateSymbolicLink(System.IO.Path.Combine(Path, program), there);
            }
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
