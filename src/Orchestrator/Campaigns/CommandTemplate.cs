using System.Text.RegularExpressions;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>
/// Arguments with <c>{parameter}</c> in them. A value replaces its placeholder inside one argument and stays one argument whatever it
/// contains: nothing is split, quoted or read by a shell. <c>{{name}}</c> is the literal text <c>{name}</c>; any other brace is itself.
/// </summary>
internal static partial class CommandTemplate
{
    /// <summary>The names of the placeholders in an argument.</summary>
    internal static IEnumerable<string> Placeholders(string argument) =>
        Placeholder().Matches(argument).Where(match => match.Groups["name"].Success).Select(match => match.Groups["name"].Value);

    /// <summary>The argument with every placeholder filled in. The loader has made sure that each has a value.</summary>
    internal static string Fill(string argument, IReadOnlyDictionary<string, string> values) =>
        Placeholder().Replace(argument, match => match.Groups["name"] is { Success: true } name
            ? values[name.Value]
            : $"{{{match.Groups["literal"].Value}}}");

    [GeneratedRegex(@"\{\{(?<literal>[a-z0-9-]+)\}\}|\{(?<name>[a-z0-9-]+)\}")]
    private static partial Regex Placeholder();
}
