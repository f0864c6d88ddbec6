using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers;
using MeterLab.VirtualRig;

namespace MeterLab.Cli.Hosting;

/// <summary>
/// Opens <c>virtual://NAME</c>: starts that meter of the virtual rig in this process and opens it over its own wire, by the driver
/// that opens hardware.
/// </summary>
internal sealed class VirtualOpener(Func<VirtualBench> bench, IReadOnlyList<IMeterOpener> wires) : IMeterOpener
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes => [VirtualBench.Scheme];

    /// <inheritdoc/>
    public IReadOnlyList<MeterFacts> Models(MeterEnvironment environment) => [];

    /// <inheritdoc/>
    public Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken)
    {
        var (wire, opener) = Resolve(uri);
        return opener.OpenAsync(wire, name, environment, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IMeter> OpenAsItIsAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken)
    {
        var (wire, opener) = Resolve(uri);
        return opener.OpenAsItIsAsync(wire, name, environment, cancellationToken);
    }

    private (MeterUri Wire, IMeterOpener Opener) Resolve(MeterUri uri)
    {
        uri.AllowOptions();
        var wire = bench().Resolve(uri);
        return (wire, wires.FirstOrDefault(candidate => candidate.Schemes.Contains(wire.Scheme)) ?? throw uri.Error($"no driver for {wire.Scheme} is built in"));
    }
}
