using MeterLab.Configuration;

namespace MeterLab.Estimators.Custom;

/// <summary>The part of a description that says how the program is run beside a workload.</summary>
internal static class CustomLaunch
{
    private const double LongestS = 600;

    /// <summary>The definition with its launch.</summary>
    public static CustomDefinition Read(ConfigMap map, CustomDefinition definition)
    {
        if (map.Find("command") is not { } command)
        {
            foreach (var key in (string[])["environment", "stop", "start-time", "stop-time"])
            {
                if (map.Find(key) is { } stray)
                    throw stray.Error($"'{key}' says how a program is run, but there is no command");
            }

            return definition;
        }

        var words = command.AsList().Select(word => word.AsArgument()).ToArray();
        if (words.Length == 0 || words[0].Length == 0 || words[0].StartsWith('-'))
            throw command.Error("a command begins with a program: [my-meter, --out, out.csv]");
        return definition with
        {
            Command = words,
            Environment = map.Find("environment") is { } environment ? ReadEnvironment(environment) : definition.Environment,
            StopSignal = map.Find("stop")?.AsOneOf("TERM", "INT") ?? definition.StopSignal,
            StartTimeS = map.Find("start-time") is { } start ? Seconds(start) : definition.StartTimeS,
            StopTimeS = map.Find("stop-time") is { } stop ? Seconds(stop) : definition.StopTimeS,
        };
    }

    private static Dictionary<string, string> ReadEnvironment(ConfigNode node)
    {
        var variables = new Dictionary<string, string>();
        foreach (var (name, value) in node.AsAnyMap().Entries)
        {
            if (char.IsAsciiDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                throw value.Error($"'{name}' is not the name of an environment variable (letters, digits and _)");
            variables[name] = value.AsArgument();
        }

        return variables;
    }

    private static double Seconds(ConfigNode node)
    {
        var seconds = node.AsQuantity(Measurement.Quantities.Dimension.Time);
        return seconds is >= 0 and <= LongestS ? seconds : throw node.Error("0s to 600s is right");
    }
}
