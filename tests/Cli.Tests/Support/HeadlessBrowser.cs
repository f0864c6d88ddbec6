using System.Diagnostics;

namespace MeterLab.Cli.Tests.Support;

/// <summary>Chromium without a screen and without a network, with a profile of its own.</summary>
internal static class HeadlessBrowser
{
    public const string Missing = "Chromium is not installed (Debian package chromium).";

    private const string Chromium = "/usr/bin/chromium";

    public static bool IsInstalled => File.Exists(Chromium);

    /// <summary>Opens a document from a file; returns what became of it, and what the browser had to say.</summary>
    public static async Task<(string Dom, string Log)> OpenAsync(string html, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("meterlab-report-");
        try
        {
            var file = Path.Combine(folder.FullName, "report.html");
            await File.WriteAllTextAsync(file, html, cancellationToken);
            return await DumpDomAsync(file, folder.FullName, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(string Dom, string Log)> DumpDomAsync(string file, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Chromium) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
                 [
                     "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                     "--disable-sync", "--enable-logging=stderr", $"--user-data-dir={Path.Combine(folder, "profile")}", "--dump-dom", new Uri(file).AbsoluteUri,
                 ])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            var dom = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var log = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (await dom, await log);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
