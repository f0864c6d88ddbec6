using System.Diagnostics;
using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Samples;

namespace MeterLab.Storage.Tests;

public sealed class CrashTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    [Fact(Timeout = 60_000)]
    public async Task A_killed_recorder_leaves_a_sound_store_that_lacks_at_most_its_last_second()
    {
        var token = TestContext.Current.CancellationToken;
        using var child = StartRecorder();
        long newest = 0;
        try
        {
            // Three seconds of samples, so that several commits lie behind.
            while (newest < 3000)
            {
                var line = await child.StandardOutput.ReadLineAsync(token)
                    ?? throw new InvalidOperationException("The recorder ended by itself: " + await child.StandardError.ReadToEndAsync(token));
                newest = long.Parse(line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
            }
        }
        finally
        {
            child.Kill();
        }

        await child.WaitForExitAsync(token);
        using var store = Store.OpenExisting(_folder.Path, _folder.Options with { Clock = new SystemHostClock() });
        var check = store.Verify(token);
        Assert.True(check.Passed, string.Join('\n', check.Findings.Select(finding => finding.Detail)));

        var findings = new List<Finding>();
        var samples = store.Traces.Samples(1, long.MinValue, long.MaxValue, findings);
        Assert.Empty(findings);
        Assert.Equal(Enumerable.Range(0, samples.Length).Select(i => (long)i), samples.Select(sample => sample.Code));
        Assert.DoesNotContain(samples, sample => sample.Flags != SampleFlags.None);
        // At most a second by design: half a second to the next seal, then the commit. The other second is for a busy machine.
        TestContext.Current.TestOutputHelper?.WriteLine($"{newest - samples[^1].Code} ms of samples were not on the disk");
        Assert.InRange(samples[^1].Code, newest - 2000, long.MaxValue);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_store_whose_writer_was_killed_can_be_read_at_once()
    {
        var token = TestContext.Current.CancellationToken;
        using var child = StartRecorder();
        await child.StandardOutput.ReadLineAsync(token);
        var locked = Assert.Throws<StoreException>(_folder.Open);
        child.Kill();
        await child.WaitForExitAsync(token);

        Assert.Contains("recorder of a test", locked.Message, StringComparison.Ordinal);
        using var reader = Store.OpenForReading(_folder.Path, _folder.Options);
        Assert.True(reader.Verify(token).Passed);
    }

    public void Dispose() => _folder.Dispose();

    private Process StartRecorder()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MeterLab.Storage.Recorder.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, _folder.Path]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("The recorder did not start.");
    }
}
