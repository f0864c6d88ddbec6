namespace MeterLab.Configuration;

/// <summary>Finds the known word that a mistyped one was meant to be.</summary>
public static class Nearest
{
    /// <summary>"did you mean 'interval'?" where one known word is near, otherwise the list of known words.</summary>
    public static string Suggest(string text, params ReadOnlySpan<string> known)
    {
        ArgumentNullException.ThrowIfNull(text);
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var word in known)
        {
            var distance = Distance(text, word);
            if (distance < bestDistance)
                (best, bestDistance) = (word, distance);
        }

        return best is not null && bestDistance <= Math.Max(2, text.Length / 3)
            ? $"did you mean '{best}'?"
            : $"known here: {string.Join(", ", known.ToArray())}";
    }

    // Levenshtein's distance, two rows.
    private static int Distance(string a, string b)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
