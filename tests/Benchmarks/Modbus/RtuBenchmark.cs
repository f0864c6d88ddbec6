using System.Diagnostics;
using System.Globalization;

using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Modbus;

namespace MeterLab.Benchmarks.Modbus;

/// <summary>
/// Modbus RTU at 9600 baud: reads a second beside what the characters and the silences before request and answer allow, from a meter
/// that paces them on a pseudo terminal and counts the silences that were not kept.
/// </summary>
internal static class RtuBenchmark
{
    private const int Rounds = 5;
    private const int Baud = 9600;
    private const int RequestCharacters = 8;
    private const int AnswerFrame = 5;
    private const double SilenceCharacters = 3.5;
    private const double LeastShare = 0.95;
    private const double RoundSeconds = 2;

    private static readonly SerialSettings Line = new(Baud);

    /// <summary>Measures short reads and long ones; 1 where a bound is not kept.</summary>
    public static int Run()
    {
        using var program = new CPeer(["tests", "Benchmarks", "Modbus", "paced_meter.c"]);
        using var meter = program.Start([Baud.ToString(CultureInfo.InvariantCulture)], input: true);
        var device = CPeer.Ready(meter);
        Benchmarks.Rounds.Say($"reads a second at {Baud} baud, medians of {Rounds} rounds in turns:");
        var medians = Benchmarks.Rounds.Medians(Rounds, () => Measure(device, 2), () => Measure(device, 40));
        var kept = Judge(2, medians[0]) & Judge(40, medians[1]);
        meter.StandardInput.Close();
        var counts = meter.StandardOutput.ReadToEnd().Split(' ');
        Benchmarks.Rounds.Say($"  silences not kept: {counts[1].Trim()} of {counts[0]}");
        return Benchmarks.Rounds.Judge(kept && int.Parse(counts[1], CultureInfo.InvariantCulture) == 0);
    }

    private static double Allowed(int registers) =>
        Baud / (double)Line.BitsPerCharacter / (RequestCharacters + AnswerFrame + 2 * registers + 2 * SilenceCharacters);

    private static bool Judge(int registers, double perSecond)
    {
        var share = perSecond / Allowed(registers);
        Benchmarks.Rounds.Say($"  {registers,2} registers: {perSecond:0.00} of {Allowed(registers):0.00}, {share:0.000}; at least {LeastShare:0.00}");
        return share >= LeastShare;
    }

    private static double Measure(string device, int registers)
    {
        var work = Task.Run(() => ReadAsync(device, registers));
        return work.GetAwaiter().GetResult();
    }

    private static async Task<double> ReadAsync(string device, int registers)
    {
        var settings = new ModbusBusSettings(device, new RtuCodec(), Line, true, _ => ValueTask.FromResult(SerialLink.Open(device, Line)));
        await using var bus = new ModbusBus(settings, new SystemHostClock(), TimeProvider.System);
        await bus.EnsureOpenAsync(CancellationToken.None);
        var client = new ModbusClient(bus, 1, TimeSpan.FromSeconds(1), TimeSpan.Zero);
        var values = new ushort[registers];
        var reads = (int)Math.Ceiling(RoundSeconds * Allowed(registers));
        await client.ReadHoldingRegistersAsync(0, values, CancellationToken.None);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < reads; i++)
        {
            await client.ReadHoldingRegistersAsync(0, values, CancellationToken.None);
            if (values[^1] != 3 * (registers - 1) + 1)
                throw new InvalidOperationException("A read brought something else than the meter holds.");
        }

        return reads / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
