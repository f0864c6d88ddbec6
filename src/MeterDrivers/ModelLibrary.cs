using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.I2c;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers;

/// <summary>
/// The data sheet of a model without a meter at hand: by name, by the path of a profile, and, where the accuracy depends on what is wired
/// around a chip, with the same options as in its address: <c>ina226?shunt=2mohm&amp;max-current=20A&amp;bus-voltage=12V</c>.
/// </summary>
public sealed class ModelLibrary(MeterFactory meters)
{
    /// <summary>The facts. Throws <see cref="ConfigurationException"/> for a model that is not known, with the nearest name, and for wrong options.</summary>
    public MeterFacts Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var model = question < 0 ? text : text[..question];
        if (question >= 0)
        {
            return I2cOpener.FactsOf(model, text[(question + 1)..], meters.Environment)
                ?? throw new ConfigurationException($"the model '{model}' takes no options; leave out '{text[question..]}'");
        }

        if (model.Contains('/', StringComparison.Ordinal) || model.EndsWith(".yaml", StringComparison.Ordinal) || model.EndsWith(".yml", StringComparison.Ordinal))
            return new ProfileLibrary(meters.Environment.ProfileDirectory).Find(model).Facts;
        var known = meters.Models();
        return known.FirstOrDefault(facts => facts.Model == model)
            ?? throw new ConfigurationException(
                $"the model '{model}' is not known; {Nearest.Suggest(model, [.. known.Select(facts => facts.Model)])} (a path to a profile ends in .yaml)");
    }
}
