namespace MeterLab.Configuration;

/// <summary>What a user may call a meter, a target, a workload or a campaign.</summary>
public static class Names
{
    /// <summary>The longest name.</summary>
    public const int MaxLength = 64;

    /// <summary>Lower-case letters, digits and hyphens, starting with a letter or digit: safe in a URI, a path and a URL.</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length is 0 or > MaxLength || text[0] == '-')
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
                return false;
        }

        return true;
    }
}
