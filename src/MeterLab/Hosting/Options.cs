using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

using MeterLab.Measurement.Quantities;

namespace MeterLab.Cli.Hosting;

/// <summary>Options of kinds that several commands have.</summary>
internal static class Options
{
    /// <summary>A number of seconds, more than zero, as the contract writes them: without a unit.</summary>
    public static Option<double?> Seconds(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "S",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 1e7)
                return seconds;
            result.AddError($"{name}: a number of seconds, more than 0, is wanted, not '{text}'.");
            return null;
        },
    };

    /// <summary>A time with its unit, more than zero.</summary>
    public static Option<TimeSpan?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => ParseTime(name, result),
    };

    /// <summary>An age with its unit, up to a hundred years.</summary>
    public static Option<TimeSpan?> Age(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "AGE",
        CustomParser = result =>
        {
            if (!UnitText.TryParse(result.Tokens[0].Value, Dimension.Time, out var seconds, out var problem))
                result.AddError($"{name}: {problem}.");
            else if (seconds is < 0 or > 100 * 365.25 * 86400)
                result.AddError($"{name}: {result.Tokens[0].Value} is out of range; 0s to 36525d is right.");
            else
                return TimeSpan.FromSeconds(seconds);
            return null;
        },
    };

    /// <summary>A time with its unit that may be 0, and negative where <paramref name="signed"/>, in ns; 0 where it is not given.</summary>
    public static Option<long> Nanoseconds(string name, bool signed, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        DefaultValueFactory = _ => 0,
        CustomParser = result =>
        {
            if (!UnitText.TryParse(result.Tokens[0].Value, Dimension.Time, out var seconds, out var problem))
                result.AddError($"{name}: {problem}.");
            else if (Math.Abs(seconds) > 1e7 || (seconds < 0 && !signed))
                result.AddError($"{name}: {result.Tokens[0].Value} is out of range; {(signed ? "-100d" : "0s")} to 100d is right.");
            else
                return (long)Math.Round(seconds * 1e9);
            return 0;
        },
    };

    /// <summary>A power with its unit, W, more than zero.</summary>
    public static Option<double?> Power(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "POWER",
        CustomParser = result =>
        {
            if (!UnitText.TryParse(result.Tokens[0].Value, Dimension.Power, out var watts, out var problem))
                result.AddError($"{name}: {problem}.");
            else if (watts is not (> 0 and <= 1e6))
                result.AddError($"{name}: {result.Tokens[0].Value} is out of range; more than 0 W is right.");
            else
                return watts;
            return null;
        },
    };

    private static TimeSpan? ParseTime(string name, ArgumentResult result)
    {
        if (!UnitText.TryParse(result.Tokens[0].Value, Dimension.Time, out var seconds, out var problem))
            result.AddError($"{name}: {problem}.");
        else if (seconds is < 1e-6 or > 1e7)
            result.AddError($"{name}: {result.Tokens[0].Value} is out of range; 1us to 100d is right.");
        else
            return TimeSpan.FromSeconds(seconds);
        return null;
    }
}
