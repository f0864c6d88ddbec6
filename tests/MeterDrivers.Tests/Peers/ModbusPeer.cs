using System.Diagnostics;
using System.Globalization;

using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests.Peers;

/// <summary>A Modbus server that others wrote, run as a process of its own. Skips the test, with the reason, where it is not installed.</summary>
internal sealed class ModbusPeer : IDisposable
{
    private static readonly SemaphoreSlim Compiling = new(1, 1);
    private static string? _compiled;

    private readonly Process _process;

    private ModbusPeer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens on loopback; 0 on a serial line.</summary>
    public int Port { get; }

    /// <summary>
    /// Starts <c>libmodbus</c> or <c>pymodbus</c> on TCP or on a serial device, with registers as (table 3 or 4, address, value); pymodbus takes
    /// <paramref name="kept"/> besides: <c>refuse:ADDRESS</c> and <c>locked:ADDRESS</c>.
    /// </summary>
    public static async Task<ModbusPeer> StartAsync(
        string library, string? device, int unit, IEnumerable<(int Table, int Address, ushort Value)> registers, CancellationToken cancellationToken, params string[] kept)
    {
        var start = library == "libmodbus"
            ? new ProcessStartInfo(await CompileAsync(cancellationToken))
            : await ScriptAsync("pymodbus_server.py", cancellationToken);
        start.ArgumentList.Add(device ?? "tcp");
        start.ArgumentList.Add(unit.ToString(CultureInfo.InvariantCulture));
        foreach (var (table, address, value) in registers)
            start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"{table}:{address}={value}"));
        foreach (var register in kept)
            start.ArgumentList.Add(register);
        return await LaunchAsync(start, line => Assert.Fail($"{library} did not start: {line}"), cancellationToken);
    }

    /// <summary>
    /// Starts a pymodbus server of the tests' own register tables on <c>tcp</c>, <c>rtu-tcp</c> or a serial device, and hands over each line
    /// that it prints about them.
    /// </summary>
    public static async Task<ModbusPeer> StartTablesAsync(string wire, IEnumerable<string> models, Action<string> line, CancellationToken cancellationToken)
    {
        var start = await ScriptAsync("pymodbus_table_server.py", cancellationToken);
        start.ArgumentList.Add(wire);
        foreach (var model in models)
            start.ArgumentList.Add(model);
        return await LaunchAsync(start, line, cancellationToken);
    }

    /// <summary>Stops it, and returns what was written to its holding registers; pymodbus only.</summary>
    public async Task<IReadOnlyList<(int Address, ushort Value)>> StopAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        var lines = (await _process.StandardOutput.ReadToEndAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. lines.Select(line => line.Split(' ')).Select(words =>
                (int.Parse(words[1], CultureInfo.InvariantCulture), ushort.Parse(words[2], CultureInfo.InvariantCulture))),
        ];
    }

    public void Dispose() => Stop(_process);

    // What it prints before it is ready goes to the caller; afterwards it prints only what was written, a few lines.
    private static async Task<ModbusPeer> LaunchAsync(ProcessStartInfo start, Action<string> line, CancellationToken cancellationToken)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), cancellationToken) is { } text)
            {
                if (text.StartsWith("ready ", StringComparison.Ordinal))
                    return new ModbusPeer(process, int.Parse(text.AsSpan(6), CultureInfo.InvariantCulture));
                line(text);
            }

            Assert.Fail($"{start.FileName} did not start: {await process.StandardError.ReadToEndAsync(cancellationToken)}");
            throw new InvalidOperationException();
        }
        catch
        {
            Stop(process);
            throw;
        }
    }

    private static void Stop(Process process)
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static async Task<ProcessStartInfo> ScriptAsync(string name, CancellationToken cancellationToken) =>
        new(await PythonAsync(cancellationToken), ["-B", RepositoryFiles.Path("tests", "MeterDrivers.Tests", "Peers", name)]);

    private static async Task<string> CompileAsync(CancellationToken cancellationToken)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed (Debian: gcc)");
        Assert.SkipUnless(File.Exists("/usr/include/modbus/modbus.h"), "libmodbus is not installed (Debian: libmodbus-dev)");
        await Compiling.WaitAsync(cancellationToken);
        try
        {
            if (_compiled is not null)
                return _compiled;
            var target = Path.Combine(AppContext.BaseDirectory, "libmodbus_server");
            var source = RepositoryFiles.Path("tests", "MeterDrivers.Tests", "Peers", "libmodbus_server.c");
            var (code, output) = await RunAsync("/usr/bin/gcc", ["-O1", "-Wall", "-I/usr/include/modbus", "-o", target, source, "-lmodbus"], cancellationToken);
            Assert.True(code == 0, output);
            return _compiled = target;
        }
        finally
        {
            Compiling.Release();
        }
    }

    private static async Task<string> PythonAsync(CancellationToken cancellationToken)
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python), "Python is not installed (Debian: python3)");
        var (code, output) = await RunAsync(Python, ["-c", "import pymodbus.server.async_io, serial_asyncio"], cancellationToken);
        Assert.SkipUnless(code == 0, $"pymodbus is not installed (Debian: python3-pymodbus python3-serial-asyncio): {output}");
        return Python;
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var output = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output);
    }
}
