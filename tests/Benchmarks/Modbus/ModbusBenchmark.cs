using System.Diagnostics;
using System.Globalization;

using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.Benchmarks.Modbus;

/// <summary>
/// Modbus TCP: reads of 40 registers a second from one libmodbus server, by libmodbus' own client and by MeterLab's, one at a time and
/// several at once; and what a read of MeterLab's allocates.
/// </summary>
internal static class ModbusBenchmark
{
    private const int Rounds = 10;
    private const int Unit = 1;
    private const int Registers = 40;
    private const int Warm = 500;
    private const int Reads = 8000;
    private const double LeastShare = 0.95;
    private const double LeastShareInFlight = 2;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private static long _allocated;

    /// <summary>Measures; 1 where a bound is not kept.</summary>
    public static int Run()
    {
        using var serverProgram = new CPeer(["tests", "MeterDrivers.Tests", "Peers", "libmodbus_server.c"], "-lmodbus");
        using var clientProgram = new CPeer(["tests", "Benchmarks", "Modbus", "modbus_client.c"], "-lmodbus");
        var values = Enumerable.Range(0, Registers).Select(i => string.Create(CultureInfo.InvariantCulture, $"3:{i}={3 * i + 1}"));
        using var server = serverProgram.Start(["tcp", Text(Unit), .. values]);
        try
        {
            var port = int.Parse(CPeer.Ready(server), CultureInfo.InvariantCulture);
            return Measure(port, () => Reads / clientProgram.Measure(Text(port), Text(Unit), Text(Registers), Text(Warm), Text(Reads)));
        }
        finally
        {
            server.Kill();
        }
    }

    private static int Measure(int port, Func<double> peer)
    {
        // The compiler needs more calls than a round has to do its best; a native program has been through it.
        Ours(port, 1, 20_000);
        Ours(port, RegisterLimits.MostInFlight, 20_000);
        _allocated = 0;
        var medians = Benchmarks.Rounds.Medians(Rounds, peer, () => Ours(port, 1, Reads), () => Ours(port, RegisterLimits.MostInFlight, Reads));
        var (one, several) = (medians[1] / medians[0], medians[2] / medians[0]);
        var allocated = (double)_allocated / ((Rounds + 1) * 2 * Reads);
        Benchmarks.Rounds.Say($"reads of {Registers} registers a second, medians of {Rounds} rounds in turns of {Reads} reads:");
        Benchmarks.Rounds.Say($"  libmodbus' client        {medians[0],8:0}");
        Benchmarks.Rounds.Say($"  MeterLab, one at a time  {medians[1],8:0}  {one:0.00} of it; at least {LeastShare:0.00}");
        Benchmarks.Rounds.Say($"  MeterLab, {RegisterLimits.MostInFlight} in flight   {medians[2],8:0}  {several:0.00} of it; at least {LeastShareInFlight:0.00}");
        Benchmarks.Rounds.Say($"  allocated a read         {allocated,8:0.000} B, all threads; none allowed");
        return Benchmarks.Rounds.Judge(one >= LeastShare && several >= LeastShareInFlight && allocated < 0.5);
    }

    private static double Ours(int port, int inFlight, int reads)
    {
        // Off the main thread, as in an acquisition.
        var work = Task.Run(() => ReadAsync(port, inFlight, reads));
        return reads / work.GetAwaiter().GetResult();
    }

    private static async Task<double> ReadAsync(int port, int inFlight, int reads)
    {
        var settings = new ModbusBusSettings(
            $"127.0.0.1:{port}", new TcpCodec(), null, false, token => TcpLink.ConnectAsync("127.0.0.1", port, Timeout, TimeProvider.System, token));
        await using var bus = new ModbusBus(settings, new SystemHostClock(), TimeProvider.System);
        using var stop = new CancellationTokenSource();
        await bus.EnsureOpenAsync(stop.Token);
        var client = new ModbusClient(bus, Unit, Timeout, TimeSpan.Zero, inFlight);
        var batch = Enumerable.Range(0, inFlight).Select(_ => new ModbusRead(RegisterTable.Holding, 0, Registers)).ToArray();
        await ReadAsync(client, batch, Warm, stop.Token);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await ReadAsync(client, batch, reads, stop.Token);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _allocated += GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return seconds;
    }

    private static async Task ReadAsync(ModbusClient client, ModbusRead[] batch, int reads, CancellationToken cancellationToken)
    {
        for (var done = 0; done < reads; done += batch.Length)
        {
            await client.ReadAsync(batch, cancellationToken);
            foreach (var read in batch)
            {
                if (read.Registers[^1] != 3 * (Registers - 1) + 1)
                    throw new InvalidOperationException("A read brought something else than the server holds.");
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
