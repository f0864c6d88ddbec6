using System.Globalization;

namespace MeterLab.Orchestrator.Reports;

/// <summary>How many parameters a model has, where the names of a run tell it.</summary>
public static class ModelSize
{
    private static readonly string[] Names = ["parameters", "model_parameters", "model-size", "model_size", "size"];

    /// <summary>
    /// From a parameter that says so (<c>7.3B</c>, <c>25636712</c>), else from the size behind a model's name (<c>llama3:8b</c>, <c>opt-350m</c>);
    /// null where neither is there. Above 0.
    /// </summary>
    /// <param name="parameters">A run's parameters by name; <c>model</c> holds the model's name.</param>
    public static double? Of(IReadOnlyDictionary<string, string> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var name in Names)
        {
            if (parameters.TryGetValue(name, out var text) && Read(text, bare: true) is { } size)
                return size;
        }

        if (!parameters.TryGetValue("model", out var model))
            return null;
        foreach (var part in model.Split([':', '-', '_', '/']).Reverse())
        {
            if (Read(part, bare: false) is { } size)
                return size;
        }

        return null;
    }

    // A bare number within a model's name is a version or a depth (resnet50), not a size.
    private static double? Read(string text, bool bare)
    {
        var trimmed = text.Trim();
        var factor = trimmed.Length == 0 ? 1 : char.ToUpperInvariant(trimmed[^1]) switch
        {
            'K' => 1e3,
            'M' => 1e6,
            'B' => 1e9,
            'T' => 1e12,
            _ => 1.0,
        };
        if (factor == 1 && !bare)
            return null;
        var digits = factor == 1 ? trimmed : trimmed[..^1];
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 && number * factor < 1e16
            ? number * factor
            : null;
    }
}
