using System.Globalization;

using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Scpi;

/// <summary>What an instrument said of its settings. Ranges make the accuracy what it is, and must not change within a run.</summary>
/// <param name="Answers">The answers by setting, as they came, without header.</param>
internal sealed record ScpiSettings(IReadOnlyDictionary<string, string> Answers)
{
    private static readonly (string Unit, double Factor)[] Units = [("MS", 1e-3), ("MV", 1e-3), ("MA", 1e-3), ("S", 1), ("V", 1), ("A", 1)];

    /// <summary>Whether the instrument chooses a range by itself: values are missing then while it changes over.</summary>
    public bool AutoRange => IsOn("voltage-auto") || IsOn("current-auto");

    /// <summary>V, where the range is fixed and known.</summary>
    public double? VoltageRange => IsOn("voltage-auto") ? null : Positive("voltage-range");

    /// <summary>A, where the range is fixed and known.</summary>
    public double? CurrentRange => IsOn("current-auto") ? null : Positive("current-range");

    /// <summary>Time between new values, s; null where it is not known.</summary>
    public double? UpdatePeriodSeconds => Positive("update-period");

    /// <summary>All of it in one line, for the record and to compare with; null where nothing was said.</summary>
    public string? Summary => Answers.Count == 0 ? null : string.Join(", ", Answers.Select(answer => $"{answer.Key} {answer.Value}"));

    /// <summary>The model's limits of error on the ranges that are set. Where a range is not known the largest stays, which promises least.</summary>
    public IReadOnlyDictionary<Quantity, AccuracyLimit> Narrow(IReadOnlyDictionary<Quantity, AccuracyLimit> limits) =>
        limits.ToDictionary(pair => pair.Key, pair => pair.Value.Range is not null && RangeOf(pair.Key) is { } range ? pair.Value with { Range = range } : pair.Value);

    /// <summary>The model's response at the update rate that is set; values are means over the time between two updates.</summary>
    public MeterResponse At(MeterResponse response) => UpdatePeriodSeconds is { } period
        ? response with { UpdatePeriodSeconds = period, AveragingSeconds = response.AveragingSeconds == response.UpdatePeriodSeconds ? period : response.AveragingSeconds }
        : response;

    private double? RangeOf(Quantity quantity) => quantity switch
    {
        Quantity.Voltage => VoltageRange,
        Quantity.Current => CurrentRange,
        Quantity.ActivePower or Quantity.ApparentPower or Quantity.ReactivePower => VoltageRange * CurrentRange,
        _ => null,
    };

    private bool IsOn(string setting) => Answers.TryGetValue(setting, out var text) && (text == "1" || text.Equals("ON", StringComparison.OrdinalIgnoreCase));

    private double? Positive(string setting)
    {
        if (!Answers.TryGetValue(setting, out var text))
            return null;
        var unit = Array.Find(Units, candidate => text.EndsWith(candidate.Unit, StringComparison.OrdinalIgnoreCase));
        var digits = unit.Unit is null ? text : text[..^unit.Unit.Length];
        return double.TryParse(digits.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number)
            ? number * (unit.Unit is null ? 1 : unit.Factor)
            : null;
    }
}
