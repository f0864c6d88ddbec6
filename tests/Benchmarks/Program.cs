using MeterLab.Benchmarks.Modbus;
using MeterLab.Benchmarks.Night;
using MeterLab.Benchmarks.PowerSensor3;

namespace MeterLab.Benchmarks;

/// <summary>
/// Speed, proved beside a peer in the same run: <c>dotnet run -c Release --project tests/Benchmarks -- NAME</c>. Prints what was
/// measured, and fails (1) where a stated bound is not kept.
/// </summary>
internal static class Program
{
    // One line a benchmark: its name, and what runs it.
    private static readonly SortedDictionary<string, Func<int>> All = new(StringComparer.Ordinal)
    {
        ["calibration"] = CalibrationBenchmark.Run,
        ["modbus"] = ModbusBenchmark.Run,
        ["night"] = NightBenchmark.Run,
        ["powersensor3"] = PowerSensor3Benchmark.Run,
        ["report"] = ReportBenchmark.Run,
        ["rtu"] = RtuBenchmark.Run,
    };

    private static int Main(string[] arguments)
    {
        if (arguments is [NightBenchmark.StoreVerb, var path])
            return NightBenchmark.WriteStore(path);
        if (arguments.Length == 1 && All.TryGetValue(arguments[0], out var benchmark))
            return benchmark();
        Console.Error.WriteLine($"usage: benchmarks {string.Join('|', All.Keys)}");
        return 2;
    }
}
