using System.Globalization;

namespace MeterLab.MeterDrivers.Settings;

/// <summary>One setting as a settings profile describes it: where it is, and what is wanted.</summary>
public sealed record SettingRule
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does to the figures, and what to do.</summary>
    public required string Meaning { get; init; }

    /// <summary>The value to set, as text; null where the setting is only recorded.</summary>
    public string? Want { get; init; }

    /// <summary>Values that will do, <see cref="Want"/> among them.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The register that holds it; null for an instrument of commands.</summary>
    public SettingRegister? Register { get; init; }

    /// <summary>The question for it; null for a register.</summary>
    public string? Ask { get; init; }

    /// <summary>The command that sets it to what is wanted; null where none is known.</summary>
    public string? Set { get; init; }

    /// <summary>How well it is supported, 0 to 2.</summary>
    public required int FactsMark { get; init; }

    /// <summary>Whether MeterLab knows how to set it.</summary>
    public bool CanWrite => Want is not null && (Set is not null || Register is { WriteFunction: not null });

    /// <summary>Whether a value will do.</summary>
    public bool Accepts(string? value) => Want is null || (value is not null && Accept.Any(right => Same(right, value)));

    // 0 and 0.00E+00 are one number.
    private static bool Same(string right, string value) => right.Equals(value, StringComparison.OrdinalIgnoreCase)
        || (Number(right) is { } a && Number(value) is { } b && a == b);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
