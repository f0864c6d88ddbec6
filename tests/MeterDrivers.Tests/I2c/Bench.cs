using MeterLab.MeterDrivers.I2c;
using MeterLab.Measurement.Clocks;

namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>A bus of fake chips and what opens meters on it.</summary>
internal sealed class Bench
{
    /// <param name="kernel">The kernel's folder of chips; none here otherwise, whatever this machine has.</param>
    public Bench(string kernel = "/nowhere") => Environment = new MeterEnvironment
    {
        Clock = new SystemHostClock(),
        ProfileDirectory = ".",
        I2cDirectory = kernel,
        OpenI2cBus = number =>
        {
            BusesOpened++;
            return number == 1 ? Bus : throw new IOException($"Error 2. Can not open I2C device file '/dev/i2c-{number}'.");
        },
    };

    public FakeBus Bus { get; } = new();

    public I2cOpener Opener { get; } = new();

    public MeterEnvironment Environment { get; }

    public int BusesOpened { get; private set; }

    public Bench WithChip(int address, FakeChip chip)
    {
        Bus.Chips[address] = chip;
        return this;
    }

    public Task<IMeter> OpenAsync(string uri, string name = "rail") =>
        Opener.OpenAsync(MeterUri.Parse(uri), name, Environment, TestContext.Current.CancellationToken);
}
