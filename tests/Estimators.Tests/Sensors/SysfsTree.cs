using System.Diagnostics;
using System.Globalization;

using MeterLab.TestKit;

namespace MeterLab.Estimators.Tests.Sensors;

/// <summary>A tree of sensor files made by hand, and the product's own sampler reading it as it would on a target.</summary>
internal sealed class SysfsTree : IDisposable
{
    public const long IntelRange = 262_143_328_850;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meterlab-sysfs-");

    public SysfsTree()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Work);
        File.WriteAllText(Path.Combine(_folder.FullName, "state", "clock.sh"), "meterlab_now() { NOW=$(date +%s%N); }\n");
    }

    public string Root => Path.Combine(_folder.FullName, "sys");

    private string Work => Path.Combine(_folder.FullName, "state", "work");

    /// <summary>A powercap zone.</summary>
    public void Zone(string folder, string name, long microjoules, long range = IntelRange)
    {
        Write($"{folder}/name", name);
        Write($"{folder}/max_energy_range_uj", range.ToString(CultureInfo.InvariantCulture));
        Set(folder, microjoules);
    }

    /// <summary>What a zone's counter says from now on.</summary>
    public void Set(string folder, long microjoules) => Write($"{folder}/energy_uj", microjoules.ToString(CultureInfo.InvariantCulture));

    public void Write(string file, string text)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Renamed into place, so that a reader sees the old or the new text and nothing between.
        File.WriteAllText(path + ".new", text + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    public string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>Opens everything to an account without rights, for a sampler that runs as one.</summary>
    public async Task OpenAsync() => await RunAsync("chmod", "-R", "a+rwX", _folder.FullName);

    /// <summary>Reads every 50 ms as a rig file's estimator would be launched, while something happens to the tree; the sampler's file.</summary>
    public async Task<EstimatorFile> SampleAsync(IEstimator estimator, Func<Task> meanwhile, IReadOnlyList<string>? before = null, string? command = null)
    {
        var launch = estimator.Launch(new EstimatorSettings(command, 0.05, Root: Root), "night-1")!;
        var sampler = RepositoryFiles.Path("src", "Orchestrator", "Targets", "Scripts", "sampler.sh");
        string[] words = [.. before ?? [], "sh", sampler, .. launch.Command.Skip(EstimatorLaunch.Sampler.Count)];
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = Work, RedirectStandardOutput = true })!;
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(TimeSpan.FromSeconds(30));
            Assert.Equal(launch.ReadyText, await process.StandardOutput.ReadLineAsync(patience.Token));
            await meanwhile();
            await RunAsync("kill", "-s", launch.StopSignal, process.Id.ToString(CultureInfo.InvariantCulture));
            await process.WaitForExitAsync(patience.Token);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        var name = launch.Command[EstimatorLaunch.Sampler.Count];
        return new EstimatorFile(name, await File.ReadAllBytesAsync(Path.Combine(Work, name)));
    }

    /// <summary>Longer than several readings, and than the sampler's look for new zones.</summary>
    public static Task WaitAsync(double seconds = 0.4) => Task.Delay(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
