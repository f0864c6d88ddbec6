using System.Diagnostics;
using System.Text;

using MeterLab.TestKit;

namespace MeterLab.EndToEnd.Tests;

/// <summary>The program as a user starts it: a process of its own.</summary>
internal sealed class MeterLabProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly StringBuilder _error = new();
    private readonly Task _errorEnd;

    private MeterLabProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errorEnd = KeepErrorsAsync();
    }

    public int Id => _process.Id;

    /// <summary>Starts <c>meterlab</c> with arguments in a folder; <paramref name="before"/> are words put before it (setpriv …).</summary>
    public static MeterLabProcess Start(string folder, IEnumerable<string> arguments, IReadOnlyList<string>? before = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "meterlab.dll");
        string[] words = [.. before ?? [], "dotnet", program, .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_HOME"] = folder;
        start.Environment.Remove("METERLAB_RIG");
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new MeterLabProcess(process);
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<Result> RunAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        return await process.EndAsync(TimeSpan.FromMinutes(3));
    }

    /// <summary>What it has said on standard error so far.</summary>
    public string Said
    {
        get
        {
            lock (_error)
                return _error.ToString();
        }
    }

    /// <summary>Waits until something is so; fails with what was said where the program ends before, or where it takes longer than that.</summary>
    public async Task UntilAsync(Func<bool> condition, TimeSpan limit)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.False(_process.HasExited, $"it ended before:\n{Said}");
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < limit, $"nothing of the kind in {limit}:\n{Said}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for its end.</summary>
    public async Task<Result> EndAsync(TimeSpan limit)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(limit);
        await _process.WaitForExitAsync(patience.Token);
        await _errorEnd;
        return new Result(_process.ExitCode, await _output, Said);
    }

    public void Kill() => _process.Kill(entireProcessTree: false);

    /// <summary>Sends a signal as a person's Ctrl+C or a service manager would.</summary>
    public void Signal(string name) => Process.Start("kill", ["-s", name, Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!.WaitForExit();

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task KeepErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_error)
                _error.Append(line).Append('\n');
        }
    }

    internal sealed record Result(int ExitCode, string Output, string Error);
}

/// <summary>A folder that goes with the test.</summary>
internal sealed class Folder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meterlab-e2e-");

    public string Path => _folder.FullName;

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A killed program's children may still write; the system clears its temporary folder.
        }
    }
}
