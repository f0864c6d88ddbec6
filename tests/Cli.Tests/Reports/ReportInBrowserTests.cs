using System.Diagnostics;

using MeterLab.Cli.Rendering.Html;

namespace MeterLab.Cli.Tests.Reports;

/// <summary>The report in a real browser.</summary>
public sealed class ReportInBrowserTests
{
    private const string Chromium = "/usr/bin/chromium";

    [Fact]
    public async Task Chromium_opens_the_report_without_a_complaint()
    {
        if (!File.Exists(Chromium))
            Assert.Skip("Chromium is not installed (Debian package chromium).");
        var folder = Directory.CreateTempSubdirectory("meterlab-report-");
        try
        {
            var file = Path.Combine(folder.FullName, "report.html");
            await File.WriteAllTextAsync(file, ReportHtml.Render(SyntheticCampaign.Input()), TestContext.Current.CancellationToken);

            var (dom, log) = await DumpDomAsync(file, folder.FullName, TestContext.Current.CancellationToken);

            Assert.Contains("Error of every run, with its uncertainty", dom, StringComparison.Ordinal);
            Assert.Contains("</footer>", dom, StringComparison.Ordinal);
            Assert.DoesNotContain("CONSOLE", log, StringComparison.Ordinal);
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
                     "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--enable-logging=stderr",
                     $"--user-data-dir={Path.Combine(folder, "profile")}", "--dump-dom", new Uri(file).AbsoluteUri,
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
