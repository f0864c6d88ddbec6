using MeterLab.Measurement.Meters;

namespace MeterLab.MeterDrivers.Hwmon;

/// <summary>
/// Opens power monitors that a driver of the Linux kernel already reads, of its hardware monitoring or of its industrial input and output:
/// <c>hwmon://ina226@1-0040</c>, <c>hwmon:///sys/class/hwmon/hwmon0</c> or <c>hwmon:///sys/bus/iio/devices/iio:device0</c>. Options: model (the name that the driver must give it), shunt (checked against the driver's),
/// shunt-tolerance, shunt-tempco, temperature-span, bus-voltage.
/// </summary>
public sealed class HwmonOpener : IMeterOpener
{
    internal const string Scheme = "hwmon";

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = [Scheme];

    /// <inheritdoc/>
    public IReadOnlyList<MeterFacts> Models(MeterEnvironment environment) => [HwmonFacts.Generic];

    /// <inheritdoc/>
    public Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(environment);
        cancellationToken.ThrowIfCancellationRequested();
        uri.AllowOptions("model", "shunt", "shunt-tolerance", "shunt-tempco", "temperature-span", "bus-voltage");
        var attributes = new HwmonAttributes(new HwmonAddress(environment).Find(uri), uri);
        try
        {
            return Task.FromResult<IMeter>(new HwmonMeter(uri, name, environment, attributes));
        }
        catch
        {
            attributes.Dispose();
            throw;
        }
    }
}
