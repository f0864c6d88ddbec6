using MeterLab.Measurement.Clocks;
using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests;

/// <summary>The profiles as they are shipped, with this machine's clocks.</summary>
internal static class Shipped
{
    public static MeterEnvironment Environment { get; } = new()
    {
        Clock = new SystemHostClock(),
        ProfileDirectory = RepositoryFiles.Path("firmware-configs", "meters"),
    };
}
