using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MeterLab.MeterDrivers.Tests.Http;

/// <summary>Python's own file server on loopback with recorded answers. Skips the test, with the reason, where Python is not installed.</summary>
internal sealed partial class StockHttpServer : IDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private StockHttpServer(Process process, DirectoryInfo folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <summary>Serves these answers; their keys are paths without a query, which a file server does not look at.</summary>
    public static async Task<StockHttpServer> StartAsync(IReadOnlyDictionary<string, string> answers, CancellationToken cancellationToken)
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python), "Python is not installed (Debian: python3)");
        var folder = Directory.CreateTempSubdirectory("meterlab-http-");
        foreach (var (path, json) in answers)
        {
            var file = Path.Combine(folder.FullName, path.TrimStart('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, json, cancellationToken);
        }

        var process = Process.Start(new ProcessStartInfo(Python, ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder.FullName])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        var port = int.Parse(PortIn().Match(line!).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return new StockHttpServer(process, folder, port);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"port (\d+)")]
    private static partial Regex PortIn();
}
