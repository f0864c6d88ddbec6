using MeterLab.Configuration;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>What one sensor must be configured as.</summary>
/// <param name="Sensor">The whole of it; null where it must not be in use, whatever else it says.</param>
internal sealed record WantedSensor(PowerSensor3Sensor? Sensor)
{
    // The converter's own range; the reference lies within it.
    private const double SupplyVolts = 3.3;

    private static readonly WantedSensor Unused = new(Sensor: null);

    /// <summary>A sensor as it would be after applying this.</summary>
    internal PowerSensor3Sensor Applied(PowerSensor3Sensor found) => Sensor ?? found with { InUse = false };

    /// <summary>
    /// Reads a file of wanted sensors, by their number on the device; null stands for one that the file does not name. Throws
    /// <see cref="Measurement.ConfigurationException"/>.
    /// </summary>
    internal static IReadOnlyList<WantedSensor?> Load(string path)
    {
        string[] numbers = [.. Enumerable.Range(0, PowerSensor3Parser.Sensors).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        var sensors = YamlFile.Load(path).AsMap("sensors").Require("sensors").AsMap(numbers);
        return [.. numbers.Select(number => sensors.Find(number) is { } node ? Read(node) : null)];
    }

    private static WantedSensor Read(ConfigNode node)
    {
        if (node.IsScalar)
        {
            node.AsOneOf("unused");
            return Unused;
        }

        var map = node.AsMap("type", "name", "reference", "sensitivity");
        var sensitivity = map.Require("sensitivity");
        var sensor = new PowerSensor3Sensor(
            Text(map.Require("type")),
            Text(map.Require("name")),
            (float)map.Require("reference").AsQuantityIn(Dimension.Voltage, 0, SupplyVolts, "0V to 3.3V"),
            (float)sensitivity.AsNumber(),
            InUse: true);
        return sensor.IsSound
            ? new WantedSensor(sensor)
            : throw sensitivity.Error($"{sensitivity.AsText()} is no sensitivity; volts an ampere of a current sensor, or the ratio of a voltage divider, is right, and negative where it is the wrong way round");
    }

    private static string Text(ConfigNode node) => PowerSensor3Sensor.Fits(node.AsText())
        ? node.AsText()
        : throw node.Error($"at most {PowerSensor3Sensor.LongestText} plain characters have room in the device");
}
