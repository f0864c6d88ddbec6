using System.Diagnostics;
using System.Globalization;

using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;

namespace MeterLab.Benchmarks.Night;

/// <summary>
/// A night reconciled from its store: 50 runs of ten minutes at 1 kHz, 30 million samples, in 10 s and 500 MB. The store is written
/// beforehand by a process of its own, so that the peak is the reconciliation's. Beside it a peer: a plain loop over the same file that
/// unpacks the same samples and sums trapezoids, without fit, checks or budget.
/// </summary>
internal static class NightBenchmark
{
    /// <summary>The name under which this program writes the store: <c>night-store FILE</c>.</summary>
    public const string StoreVerb = "night-store";

    private const double SecondsAllowed = 10;
    private const double MegabytesAllowed = 500;

    /// <summary>Measures; 1 where a bound is not kept or a figure is wrong.</summary>
    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("meterlab-night-").FullName;
        try
        {
            var path = Path.Combine(folder, "night.db");
            if (WriteElsewhere(path) is var code and not 0)
                return code;
            return Measure(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes the store.</summary>
    public static int WriteStore(string path)
    {
        using var night = new NightStore(path);
        night.Write();
        Say($"store: {night.Samples} samples, {new FileInfo(path).Length / 1e6:0} MB");
        return 0;
    }

    private static int WriteElsewhere(string path)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        // Started as `dotnet X.dll`, the process is the host and wants the program's name first.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(NightBenchmark).Assembly.Location);
        start.ArgumentList.Add(StoreVerb);
        start.ArgumentList.Add(path);
        using var child = Process.Start(start) ?? throw new InvalidOperationException("The writer of the store could not be started.");
        child.WaitForExit();
        return child.ExitCode;
    }

    private static int Measure(string path)
    {
        using var store = Store.OpenForReading(path, new StoreOptions { Clock = new SystemHostClock(), Program = "benchmark" });
        using var own = Process.GetCurrentProcess();
        var cpu = own.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var results = Reconciler.Reconcile(EvidenceLoader.Load(store, NightStore.Campaign), "benchmark");
        var seconds = watch.Elapsed.TotalSeconds;
        own.Refresh();
        cpu = own.TotalProcessorTime - cpu;
        var peak = ProcessMemory.PeakResidentBytes() / 1e6;
        watch.Restart();
        var peer = NightPeer.Joules(store);
        var peerSeconds = watch.Elapsed.TotalSeconds;
        Say($"reconcile: {seconds:0.00} s ({cpu.TotalSeconds:0.00} s of processor), peak {peak:0} MB resident; allowed {SecondsAllowed:0} s, {MegabytesAllowed:0} MB");
        Say($"plain loop (unpack and trapezoid, no fit, no checks, no budget): {peerSeconds:0.00} s, so the rest costs {seconds - peerSeconds:0.00} s");
        var good = Agrees(results, peer) && seconds <= SecondsAllowed && peak <= MegabytesAllowed;
        Console.WriteLine(good ? "kept" : "NOT KEPT");
        return good ? 0 : 1;
    }

    // The figures must be there and be the peer's, or the speed means nothing.
    private static bool Agrees(CampaignResults results, double[] peer)
    {
        var worst = results.Runs.Select((run, i) => run.Meter?.EnergyJ is { } joules ? Math.Abs(joules / peer[i] - 1) : double.PositiveInfinity).Max();
        var lag = results.Runs[0].Clock?.MeterLagS;
        Say($"{results.Runs.Count(run => run.Valid)} of {NightShape.Runs} runs valid; energies differ by {worst * 1e6:0} ppm at most; lag {lag * 1e3:0.00} ms, true {NightShape.DelaySeconds * 1e3:0.00} ms");
        foreach (var finding in results.Runs.SelectMany(run => run.Findings).Concat(results.Findings).DistinctBy(f => f.Rule).Take(10))
            Say($"finding {finding.Rule}: {finding.Detail}");
        return results.Runs.Count == NightShape.Runs && results.Runs.All(run => run.Valid) && worst < 100e-6;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
