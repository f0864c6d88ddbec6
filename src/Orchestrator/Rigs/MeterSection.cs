using NodaTime;
using NodaTime.Text;

using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers;

namespace MeterLab.Orchestrator.Rigs;

/// <summary>Reads <c>meters:</c> of a rig file.</summary>
internal static class MeterSection
{
    internal static IReadOnlyList<RigMeter> Read(ConfigNode node) =>
        [.. node.AsAnyMap().Entries.Select(entry => ReadMeter(entry.Key, entry.Value))];

    private static RigMeter ReadMeter(string name, ConfigNode node)
    {
        if (!Names.IsName(name))
            throw node.Error($"'{name}' is no name here: lower-case letters, digits and hyphens, starting with a letter or digit");
        var map = node.AsMap("uri", "interval", "ct-ratio", "accuracy", "certificate", "range", "role");
        return new RigMeter
        {
            Name = name,
            Uri = ReadUri(map.Require("uri")),
            Interval = map.Find("interval")?.AsPositiveTime(),
            CtRatio = map.Find("ct-ratio") is { } ratio ? PositiveNumber(ratio) : 1,
            Accuracy = map.Find("accuracy") is { } accuracy ? ReadAccuracy(accuracy) : new Dictionary<Quantity, AccuracyLimit>(),
            Certificate = map.Find("certificate") is { } certificate ? ReadCertificate(certificate) : null,
            RangeW = map.Find("range")?.AsPositiveQuantity(Dimension.Power),
            Role = map.Find("role")?.AsOneOf("truth", "check") == "check" ? MeterRole.Check : MeterRole.Truth,
        };
    }

    private static MeterUri ReadUri(ConfigNode node)
    {
        try
        {
            return MeterUri.Parse(node.AsText());
        }
        catch (ConfigurationException e) when (e.File is null)
        {
            throw node.Error(e.Problem);
        }
    }

    private static Dictionary<Quantity, AccuracyLimit> ReadAccuracy(ConfigNode node)
    {
        var limits = new Dictionary<Quantity, AccuracyLimit>();
        foreach (var (name, value) in node.AsMap([.. Stated.Keys.Select(QuantityNames.NameOf)]).Entries)
        {
            var quantity = QuantityNames.Find(name)!.Value;
            limits.Add(quantity, ReadLimit(value, Stated[quantity]));
        }

        return limits;
    }

    // The quantities whose limits can be written with a unit.
    private static readonly Dictionary<Quantity, Dimension> Stated = new()
    {
        [Quantity.ActivePower] = Dimension.Power,
        [Quantity.EnergyImport] = Dimension.Energy,
        [Quantity.EnergyExport] = Dimension.Energy,
        [Quantity.Voltage] = Dimension.Voltage,
        [Quantity.Current] = Dimension.Current,
        [Quantity.ShuntVoltage] = Dimension.Voltage,
        [Quantity.Frequency] = Dimension.Frequency,
        [Quantity.Temperature] = Dimension.Temperature,
        [Quantity.PowerFactor] = Dimension.Ratio,
        [Quantity.Thd] = Dimension.Ratio,
    };

    private static AccuracyLimit ReadLimit(ConfigNode node, Dimension dimension)
    {
        var map = node.AsMap("reading", "range", "full-scale", "absolute");
        if (!map.Entries.Any())
            throw node.Error("an accuracy needs at least one of reading, range and absolute");
        var range = map.Find("range");
        var fullScale = map.Find("full-scale");
        if (range is null != fullScale is null)
            throw (range ?? fullScale!).Error("'range' (a percentage) and 'full-scale' (what it is a percentage of) belong together");
        return new AccuracyLimit
        {
            ReadingPercent = Percent(map.Find("reading")),
            RangePercent = Percent(range),
            Range = fullScale?.AsPositiveQuantity(dimension),
            Absolute = map.Find("absolute")?.AsQuantityIn(dimension, 0, double.MaxValue, "zero or more") ?? 0,
        };
    }

    private static double Percent(ConfigNode? node) => 100 * (node?.AsQuantityIn(Dimension.Ratio, 0, 1, "0% to 100%") ?? 0);

    private static MeterCertificate ReadCertificate(ConfigNode node)
    {
        var map = node.AsMap("number", "date", "gain", "uncertainty");
        var date = map.Require("date");
        return new MeterCertificate(
            map.Require("number").AsText(),
            LocalDatePattern.Iso.Parse(date.AsText()) is { Success: true } parsed
                ? parsed.Value
                : throw date.Error($"'{date.AsText()}' is no date; write year-month-day, for instance 2026-03-01"),
            map.Find("gain") is { } gain ? Gain(gain) : 1,
            map.Require("uncertainty").AsQuantityIn(Dimension.Ratio, 0, 1, "0% to 100%"));
    }

    private static double Gain(ConfigNode node)
    {
        var gain = PositiveNumber(node);
        // Further off than this is no gain error but a wrong transformer, or a percentage taken for a factor.
        return gain is >= 0.5 and <= 2
            ? gain
            : throw node.Error($"{node.AsText()} is out of range; the true value divided by the reading, 0.5 to 2, is right");
    }

    private static double PositiveNumber(ConfigNode node)
    {
        var number = node.AsNumber();
        return number > 0 ? number : throw node.Error($"{node.AsText()} is out of range; more than zero is right");
    }
}
