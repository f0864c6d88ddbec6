using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.TestKit;
using MeterLab.VirtualRig.Faults;
using MeterLab.VirtualRig.Meters;
using MeterLab.VirtualRig.Wires;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Tests.Wires;

/// <summary>An independent client (libmodbus) reads the virtual servers; what it finds is what the world holds.</summary>
public sealed partial class MbpollTests : IDisposable
{
    private readonly SystemHostClock _clock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("meterlab-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_float_register_over_TCP_holds_the_true_power()
    {
        await using var server = new ModbusTcpServer(Slave("janitza-umg96rm", 123.5), Gate(), TimeProvider.System);
        // 19020: power of l1, l2, l3 and the total, high word first.
        Expect([123.5, 0, 0, 123.5], await PollAsync(["-m", "tcp", "-p", Number(server.Port), "-a", "1", "-t", "4:float", "-B", "-0", "-r", "19020", "-c", "4", "-1", "127.0.0.1"]));
    }

    [Fact]
    public async Task Integer_registers_over_TCP_hold_watts_and_watt_hours()
    {
        await using var server = new ModbusTcpServer(Slave("netio-powerpdu-4c", 70_000 / 1000.0, "outlet-1"), Gate(), TimeProvider.System);
        var port = Number(server.Port);
        Expect([70, 70, 0, 0, 0], await PollAsync(["-m", "tcp", "-p", port, "-a", "1", "-t", "3", "-0", "-r", "200", "-c", "5", "-1", "127.0.0.1"]));
        // 100000 Wh = 1 x 65536 + 34464.
        Expect([1, 34464], await PollAsync(["-m", "tcp", "-p", port, "-a", "1", "-t", "3", "-0", "-r", "300", "-c", "2", "-1", "127.0.0.1"]));
    }

    [Fact]
    public async Task Odd_addresses_and_what_lies_beyond_the_map_are_refused()
    {
        await using var server = new ModbusTcpServer(Slave("eastron-sdm120", 50), Gate(), TimeProvider.System);
        var port = Number(server.Port);
        Assert.Contains("Illegal data address", await TextAsync(["-m", "tcp", "-p", port, "-a", "1", "-t", "3", "-0", "-r", "13", "-c", "2", "-1", "127.0.0.1"]), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Illegal data address", await TextAsync(["-m", "tcp", "-p", port, "-a", "1", "-t", "3", "-0", "-r", "5000", "-c", "2", "-1", "127.0.0.1"]), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Illegal function", await TextAsync(["-m", "tcp", "-p", port, "-a", "1", "-t", "1", "-0", "-r", "1", "-c", "2", "-1", "127.0.0.1"]), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_serial_bus_on_a_pseudo_terminal_answers_each_unit_for_itself()
    {
        var slave = Slave("eastron-sdm630", 123.5);
        slave.Add(2, Unit("eastron-sdm120", 77, "l1"));
        await using var server = new ModbusRtuServer(Path.Combine(_folder, "bus"), slave, 9600, Gate(), TimeProvider.System);
        server.Start();
        string[] line = ["-m", "rtu", "-b", "9600", "-P", "none", "-t", "3:float", "-B", "-0", "-1"];
        Expect([123.5], await PollAsync([.. line, "-a", "1", "-r", "52", "-c", "1", server.Path]));
        Expect([77], await PollAsync([.. line, "-a", "2", "-r", "12", "-c", "1", server.Path]));
        // A unit that is not there stays silent.
        Assert.Contains("timed out", await TextAsync([.. line, "-a", "3", "-o", "0.2", "-r", "12", "-c", "1", server.Path]), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_setting_is_written_and_read_back()
    {
        var slave = new ModbusSlave();
        var unit = Unit("eastron-sdm630", 10, "l1");
        unit.AddSetting(2, 0);
        unit.AddSetting(3, 0);
        slave.Add(1, unit);
        await using var server = new ModbusTcpServer(slave, Gate(), TimeProvider.System);
        string[] place = ["-m", "tcp", "-p", Number(server.Port), "-a", "1", "-t", "4:float", "-B", "-0", "-r", "2", "-1", "127.0.0.1"];
        Assert.Contains("Written", await TextAsync([.. place, "60.5"]), StringComparison.Ordinal);
        Expect([60.5], await PollAsync([.. place, "-c", "1"]));
    }

    private ModbusSlave Slave(string model, double watts, string channel = "l1")
    {
        var slave = new ModbusSlave();
        slave.Add(1, Unit(model, watts, channel));
        return slave;
    }

    private ProfileUnit Unit(string model, double watts, string channel)
    {
        var profile = new ProfileLibrary(RepositoryFiles.Path("firmware-configs", "meters")).Find(model);
        var truth = new TruePower(_clock, new ScopeValues(0, 0, 0, watts));
        var options = SpecimenOptions.Perfect with { EnergyAtStartJoules = 100_000 * 3600.0 };
        var specimen = Specimen.Draw(profile.Facts, "m", 1, options);
        return new ProfileUnit(_clock, profile, new VirtualMeterModel(truth, Scope.WallAc, specimen), channel, serial: 4711);
    }

    private FaultGate Gate() => new FaultScript(_clock).Gate("wire");

    private static void Expect(double[] expected, double[] found) => Assert.Equal(expected, found);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static async Task<double[]> PollAsync(string[] arguments)
    {
        var text = await TextAsync(arguments);
        var values = ValueLine().Matches(text).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.True(values.Length > 0, text);
        return values;
    }

    private static async Task<string> TextAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("mbpoll", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            return await output + await error;
        }
        catch (Win32Exception)
        {
            Assert.Skip("mbpoll is not installed (Debian package mbpoll)");
            throw;
        }
    }

    [GeneratedRegex(@"^\[\d+\]:\s+(-?[\d.]+(?:e[+-]?\d+)?)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex ValueLine();
}
