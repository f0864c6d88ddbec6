using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.VirtualRig;
using MeterLab.VirtualRig.World;

namespace MeterLab.Cli.Hosting;

/// <summary>
/// What a person may ask of the virtual rig's machine from outside, to see how a lab takes it: services that run from the beginning, and a
/// fan that comes on late.
/// </summary>
internal static class VirtualConditions
{
    /// <summary>Names of services, with commas between them: <c>backup,indexer</c>.</summary>
    public const string ServicesVariable = "METERLAB_VIRTUAL_SERVICES";

    /// <summary>A power and a time after the beginning: <c>4W@30s</c>.</summary>
    public const string FanVariable = "METERLAB_VIRTUAL_FAN";

    /// <summary>The rig as the environment wants it. Throws <see cref="ConfigurationException"/> where that makes no sense.</summary>
    public static VirtualRigDefinition Apply(VirtualRigDefinition rig) => Apply(
        rig, Environment.GetEnvironmentVariable(ServicesVariable), Environment.GetEnvironmentVariable(FanVariable));

    internal static VirtualRigDefinition Apply(VirtualRigDefinition rig, string? services, string? fan)
    {
        foreach (var word in (services ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var name = word.EndsWith(".service", StringComparison.Ordinal) ? word : word + ".service";
            if (rig.Services.All(service => service.Name != name))
                throw new ConfigurationException($"{ServicesVariable}: the virtual machine knows no service '{word}'; it knows {string.Join(", ", rig.Services.Select(service => service.Name))}");
            rig = rig with { Services = [.. rig.Services.Select(service => service.Name == name ? service with { Running = true } : service)] };
        }

        return string.IsNullOrWhiteSpace(fan) ? rig : rig with { World = rig.World with { RestScript = rig.World.RestScript + Fan(fan) } };
    }

    private static StepWaveform Fan(string text)
    {
        var words = text.Split('@');
        return words.Length == 2 && UnitText.TryParse(words[0], Dimension.Power, out var watts, out _) && UnitText.TryParse(words[1], Dimension.Time, out var seconds, out _)
            && watts is >= 0 and <= 1000 && seconds >= 0
            ? new StepWaveform(0, watts, seconds)
            : throw new ConfigurationException($"{FanVariable}: '{text}' is no fan; write power@time, for instance 4W@30s");
    }
}
