using System.Globalization;
using System.Text.Json;

[assembly: AssemblyFixture(typeof(MeterLab.Kernel.Tests.Guest))]

namespace MeterLab.Kernel.Tests;

/// <summary>What the program said in one scene.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
/// <param name="Rows">Rows of the recording; the first is its head.</param>
public sealed record Scene(int ExitCode, string Output, string Errors, IReadOnlyList<string> Rows)
{
    /// <summary>A quantity of a reading in JSON.</summary>
    public double Value(string quantity)
    {
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.GetProperty("readings").EnumerateArray().Single(r => r.GetProperty("quantity").GetString() == quantity).GetProperty("value").GetDouble();
    }
}

/// <summary>
/// A small Linux in QEMU, booted once for all tests, on any machine and without privileges: the processor is emulated. It plays the scenes of
/// <c>Guest/init.sh</c> and is gone.
/// </summary>
public sealed class Guest : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private readonly Dictionary<string, Scene> _scenes = [];
    private string _missing = "";
    private string _console = "";

    /// <summary>A scene by name. Skips the test where there is no guest.</summary>
    public Scene this[string name]
    {
        get
        {
            Assert.SkipWhen(_missing.Length > 0, _missing);
            return _scenes.TryGetValue(name, out var scene) ? scene : throw new InvalidOperationException($"The guest played no scene '{name}':\n{_console}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (GuestKernel.Find(out _missing) is not { } kernel)
            return;
        var folder = Directory.CreateTempSubdirectory("meterlab-guest-").FullName;
        try
        {
            var archive = await GuestImage.BuildAsync(kernel, folder);
            await BootAsync(kernel, archive, Path.Combine(folder, "console"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Parse(_console.Replace("\r", "", StringComparison.Ordinal).Split('\n'));
    }

    /// <summary>What was played before a guest hung is judged all the same; the scenes that are missing fail with the console.</summary>
    private async Task BootAsync(GuestKernel kernel, string archive, string console)
    {
        try
        {
            await Tool.RunAsync(
                Longest, "qemu-system-x86_64", "-accel", "tcg,thread=multi", "-smp", "2", "-m", "1500", "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-serial",
                "file:" + console, "-kernel", kernel.Image, "-initrd", archive, "-append", "console=ttyS0 quiet loglevel=1 panic=-1 mitigations=off");
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            // Too late: see above.
        }

        _console = await File.ReadAllTextAsync(console, TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Parse(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var at = lines[i].IndexOf("@scene ", StringComparison.Ordinal);
            if (at < 0)
                continue;
            var head = lines[i][at..].Split(' ');
            var (output, errors, rows) = (new List<string>(), new List<string>(), new List<string>());
            var into = output;
            while (++i < lines.Length && lines[i] != "@end")
            {
                switch (lines[i])
                {
                    case "@errors":
                        into = errors;
                        break;
                    case "@csv":
                        into = rows;
                        break;
                    default:
                        into.Add(lines[i]);
                        break;
                }
            }

            _scenes[head[1]] = new Scene(int.Parse(head[2], CultureInfo.InvariantCulture), string.Join('\n', output), string.Join('\n', errors), rows);
        }
    }
}
