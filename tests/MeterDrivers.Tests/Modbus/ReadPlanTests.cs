using CsCheck;

using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests.Modbus;

public sealed class ReadPlanTests
{
    private static readonly ProfileLibrary Library = new(RepositoryFiles.Path("firmware-configs", "meters"));

    [Fact]
    public void Power_and_energy_of_an_sdm630_are_read_at_once()
    {
        var map = Library.Find("eastron-sdm630").Registers;
        var wanted = map.Fields.Where(f => f.Channel == "total" && f.Quantity is Quantity.ActivePower or Quantity.EnergyImport && f.Channel == "total").ToArray();

        var block = Assert.Single(ReadPlan.Build(map, wanted));

        Assert.Equal((RegisterTable.Input, (ushort)0x34, 22), (block.Table, block.Address, block.Count));
        Assert.Equal([(0, 0), (1, 0x14)], block.Slots);
    }

    [Fact]
    public void Registers_that_the_meter_refuses_are_not_read_across()
    {
        var map = Library.Find("netio-powerpdu-4c").Registers;

        var blocks = ReadPlan.Build(map, map.Fields);

        Assert.Equal([(0, 4), (5, 1), (101, 4), (200, 5), (300, 10)], blocks.Select(block => ((int)block.Address, block.Count)));
    }

    public static TheoryData<string> Models => [.. Library.All().Where(profile => profile.Registers.Fields.Count > 0).Select(profile => profile.Facts.Model)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Whatever_is_wanted_every_plan_keeps_the_models_rules(string model)
    {
        var map = Library.Find(model).Registers;
        Gen.Bool.Array[map.Fields.Count].Where(mask => mask.Any(wanted => wanted)).Sample(mask =>
        {
            var wanted = map.Fields.Where((_, i) => mask[i]).ToArray();
            var blocks = ReadPlan.Build(map, wanted);
            var read = blocks.SelectMany(block => block.Slots.Select(slot => (slot.Field, Address: block.Address + slot.Offset, block.Table))).ToArray();
            return read.Length == wanted.Length
                && read.All(slot => wanted[slot.Field].Address == slot.Address && wanted[slot.Field].Table == slot.Table)
                && blocks.All(block => block.Count <= map.MaxRegisters && block.Count % map.Alignment == 0 && block.Address % map.Alignment == 0
                    && block.Slots.All(slot => slot.Offset + wanted[slot.Field].Encoding.Registers <= block.Count));
        });
    }
}
