using MeterLab.TestKit;
using MeterLab.VirtualRig.Faults;
using MeterLab.VirtualRig.Meters;
using MeterLab.VirtualRig.Wires;

namespace MeterLab.VirtualRig.Tests.Faults;

public class FaultScriptTests
{
    private readonly FakeHostClock _clock = new();

    [Fact]
    public void By_exchange_it_hits_so_many_from_the_nth_on()
    {
        var gate = new FaultScript(_clock, new Fault { Wire = "w", Kind = FaultKind.Silence, AtExchange = 3, Exchanges = 2 }).Gate("w");
        Assert.Equal([false, false, true, true, false, false], Enumerable.Range(0, 6).Select(_ => gate.Next() is not null));
    }

    [Fact]
    public void By_time_it_hits_between_its_begin_and_end()
    {
        var fault = new Fault { Wire = "w", Kind = FaultKind.Silence, At = TimeSpan.FromSeconds(2), For = TimeSpan.FromSeconds(1) };
        var gate = new FaultScript(_clock, fault).Gate("w");
        var hits = new List<bool>();
        for (var tenth = 0; tenth < 40; tenth++)
        {
            hits.Add(gate.Next() is not null);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(Enumerable.Range(0, 40).Select(tenth => tenth is >= 20 and < 30), hits);
    }

    [Fact]
    public void Asking_whether_a_wire_is_cut_uses_no_fault_up()
    {
        var gate = new FaultScript(_clock, new Fault { Wire = "w", Kind = FaultKind.Corrupt }, new Fault { Wire = "w", Kind = FaultKind.Cut, AtExchange = 2 }).Gate("w");
        Assert.False(gate.IsCut());
        Assert.Equal(FaultKind.Corrupt, gate.Next()!.Kind);
        Assert.Equal(FaultKind.Cut, gate.Next()!.Kind);
        Assert.True(gate.IsCut());
        _clock.Advance(TimeSpan.FromSeconds(1.01));
        Assert.False(gate.IsCut());
        Assert.Null(gate.Next());
    }

    [Theory]
    [InlineData(FaultKind.Cut, "Error 6 ")]
    [InlineData(FaultKind.Exception, "Error 121 ")]
    [InlineData(FaultKind.Silence, "Error 110 ")]
    public void On_I2C_a_fault_is_an_errno(FaultKind kind, string text)
    {
        using var bus = Bus(kind);
        using var device = bus.CreateDevice(0x40);
        var failure = Assert.Throws<IOException>(() => device.WriteRead([0xFE], new byte[2]));
        Assert.StartsWith(text, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultKind.Corrupt, 0x54, 0x49 ^ 0x55)]
    [InlineData(FaultKind.Truncate, 0x54, 0xFF)]
    [InlineData(FaultKind.Delay, 0x54, 0x49)]
    public void On_I2C_damage_is_not_revealed_by_anything(FaultKind kind, int first, int second)
    {
        using var bus = Bus(kind);
        using var device = bus.CreateDevice(0x40);
        var bytes = new byte[2];
        device.WriteRead([0xFE], bytes);
        Assert.Equal([(byte)first, (byte)second], bytes);
        device.WriteRead([0xFE], bytes);
        Assert.Equal([0x54, 0x49], bytes);
    }

    private SimulatedI2cBus Bus(FaultKind kind)
    {
        var fault = new Fault { Wire = "i2c", Kind = kind, AtExchange = 1, Parameter = 1, Late = TimeSpan.FromMilliseconds(5) };
        var bus = new SimulatedI2cBus(1, new FaultScript(_clock, fault).Gate("i2c"));
        bus.Attach(0x40, new SimulatedIna226(_clock, new ConstantRail(12, 1), new ShuntSpecimen { ShuntOhms = 0.002 }));
        return bus;
    }
}
