using System.Text;

namespace MeterLab.Storage;

/// <summary>Names of enum values as the schema has them: <c>TimedOut</c> is <c>timed-out</c>.</summary>
internal static class EnumText
{
    public static string Of<T>(T value) where T : struct, Enum
    {
        var name = value.ToString();
        var text = new StringBuilder(name.Length + 2);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
