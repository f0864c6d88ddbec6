using System.Text;

namespace MeterLab.Orchestrator.Targets;

/// <summary>The one place where words become the text of a command line.</summary>
internal static class ShellWords
{
    /// <summary>
    /// Words as one POSIX command line. Within single quotes a shell changes nothing at all, and the only character that cannot stand
    /// there is the single quote itself. Throws <see cref="ArgumentException"/> for NUL, which no argument can hold.
    /// </summary>
    public static string Quote(IEnumerable<string> words)
    {
        var line = new StringBuilder();
        foreach (var word in words)
        {
            CheckArgument(word);
            if (line.Length > 0)
                line.Append(' ');
            line.Append('\'').Append(word.Replace("'", "'\\''", StringComparison.Ordinal)).Append('\'');
        }

        return line.ToString();
    }

    /// <summary>Throws <see cref="ArgumentException"/> where a text cannot be a program's argument.</summary>
    public static void CheckArgument(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("an argument of a program cannot hold the character NUL");
    }

    /// <summary>A variable as NAME=VALUE. Throws <see cref="ArgumentException"/> where the name is not one that every shell can set.</summary>
    public static string Variable(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        var named = name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (!named)
            throw new ArgumentException($"'{name}' is not the name of an environment variable (letters, digits and _, not beginning with a digit)");
        CheckArgument(value);
        return $"{name}={value}";
    }
}
