using MeterLab.Configuration;
using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Serial.DsmrP1;
using MeterLab.MeterDrivers.Serial.Mcp39f511n;
using MeterLab.MeterDrivers.Serial.PowerSensor3;
using MeterLab.MeterDrivers.Serial.PowerSpy2;
using MeterLab.MeterDrivers.Serial.Sml;
using MeterLab.MeterDrivers.Serial.WattsUpPro;

namespace MeterLab.MeterDrivers.Serial;

/// <summary>Opens <c>serial:///dev/ttyUSB0?model=MODEL</c>: meters on a serial line that speak a protocol of their own, one opener a family.</summary>
public sealed class SerialOpener : IMeterOpener
{
    private readonly IMeterOpener[] _families =
        [new PowerSensor3Opener(), new McpOpener(), new WattsUpOpener(), new PowerSpyOpener(), new P1Opener(), new SmlOpener()];

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["serial"];

    /// <inheritdoc/>
    public IReadOnlyList<MeterFacts> Models(MeterEnvironment environment) => [.. _families.SelectMany(family => family.Models(environment))];

    /// <inheritdoc/>
    public Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken) =>
        FamilyOf(uri, environment).OpenAsync(uri, name, environment, cancellationToken);

    /// <inheritdoc/>
    public Task<IMeter> OpenAsItIsAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken) =>
        FamilyOf(uri, environment).OpenAsItIsAsync(uri, name, environment, cancellationToken);

    private IMeterOpener FamilyOf(MeterUri uri, MeterEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(environment);
        var model = uri.Model ?? throw uri.Error("the model is missing; add for instance ?model=powersensor3");
        foreach (var family in _families)
        {
            if (family.Models(environment).Any(facts => facts.Model == model))
                return family;
        }

        string[] known = [.. Models(environment).Select(facts => facts.Model)];
        throw uri.Error($"model: '{model}' is no meter on a plain serial line that MeterLab knows; {Nearest.Suggest(model, known)}");
    }
}
