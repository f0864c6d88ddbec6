using System.Text;

namespace MeterLab.Orchestrator.Tests.Targets;

/// <summary>Looks for processes of this machine, as a witness that does not share code with what is tested.</summary>
internal static class Processes
{
    /// <summary>The processes that were given this very argument.</summary>
    public static IReadOnlyList<int> WithArgument(string argument)
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var id))
                continue;
            try
            {
                var words = Encoding.UTF8.GetString(File.ReadAllBytes($"{folder}/cmdline")).Split('\0');
                if (words.Contains(argument))
                    found.Add(id);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended between the listing and the reading.
            }
        }

        return found;
    }

    /// <summary>Waits until something is so; fails after 20 s.</summary>
    public static async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        for (var i = 0; i < 400; i++)
        {
            if (condition())
                return;
            await Task.Delay(50, cancellationToken);
        }

        Assert.Fail("what was waited for did not happen within 20 s");
    }
}
