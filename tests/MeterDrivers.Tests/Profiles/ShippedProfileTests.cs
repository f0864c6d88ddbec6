using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests.Profiles;

/// <summary>Walks every file of firmware-configs/meters.</summary>
public sealed class ShippedProfileTests
{
    private static readonly ProfileLibrary Library = new(RepositoryFiles.Path("firmware-configs", "meters"));

    /// <summary>The models with registers.</summary>
    public static TheoryData<string> Models => [.. Library.All().Where(profile => profile.Registers.Fields.Count > 0).Select(profile => profile.Facts.Model)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_shipped_profile_loads_and_can_be_recorded(string model)
    {
        var profile = Library.Find(model);

        Assert.Equal(model, profile.Facts.Model);
        Assert.Contains(profile.Registers.Fields, field => field.Quantity == Quantity.ActivePower && field.Channel == "total");
        Assert.True(profile.Facts.Accuracy.ContainsKey(Quantity.ActivePower), "power without a known accuracy gives no verdicts");
        Assert.Equal(64, profile.Sha256.Length);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void No_two_fields_of_a_shipped_profile_share_a_register(string model)
    {
        var fields = Library.Find(model).Registers.Fields.OrderBy(field => field.Table).ThenBy(field => field.Address).ToArray();

        Assert.All(fields.Zip(fields.Skip(1)), pair =>
            Assert.True(pair.First.Table != pair.Second.Table || pair.First.End <= pair.Second.Address, $"{pair.First} overlaps {pair.Second}"));
    }

    [Theory]
    [InlineData("eastron-sdm630", "total", Quantity.ActivePower, RegisterTable.Input, 0x0034, 1)]
    [InlineData("eastron-sdm630", "l3", Quantity.ActivePower, RegisterTable.Input, 0x0010, 1)]
    [InlineData("eastron-sdm630", "total", Quantity.EnergyImport, RegisterTable.Input, 0x0048, 3.6e6)]
    [InlineData("eastron-sdm120", "total", Quantity.ActivePower, RegisterTable.Input, 0x000C, 1)]
    [InlineData("janitza-umg96rm", "total", Quantity.ActivePower, RegisterTable.Holding, 19026, 1)]
    [InlineData("janitza-umg96rm", "total", Quantity.EnergyImport, RegisterTable.Holding, 19068, 3600)]
    [InlineData("netio-powerpdu-4c", "total", Quantity.ActivePower, RegisterTable.Input, 200, 1)]
    [InlineData("netio-powerpdu-4c", "outlet-4", Quantity.ActivePower, RegisterTable.Input, 204, 1)]
    [InlineData("netio-powerpdu-4c", "outlet-1", Quantity.EnergyImport, RegisterTable.Input, 302, 3600)]
    [InlineData("netio-powerpdu-4c", "outlet-4", Quantity.EnergyImport, RegisterTable.Input, 308, 3600)]
    [InlineData("netio-powerpdu-4c", "outlet-1", Quantity.Current, RegisterTable.Input, 101, 1e-3)]
    public void Registers_stand_where_the_maker_says(
        string model, string channel, Quantity quantity, RegisterTable table, int address, double siPerCount)
    {
        var field = Assert.Single(Library.Find(model).Registers.Fields, f => f.Channel == channel && f.Quantity == quantity);

        Assert.Equal(table, field.Table);
        Assert.Equal(address, field.Address);
        Assert.Equal(siPerCount, field.SiPerCount, 1e-12);
    }

    [Fact]
    public void The_data_sheet_of_the_sdm630_reaches_its_facts()
    {
        var profile = Library.Find("eastron-sdm630");

        Assert.Equal(1.0, profile.Facts.Accuracy[Quantity.ActivePower].ReadingPercent);
        Assert.Equal(0, profile.Facts.Accuracy[Quantity.ActivePower].OffsetLimit);
        Assert.Equal(3600, profile.Facts.Resolution[Quantity.EnergyImport], 1e-9);
        Assert.Equal(1, profile.Facts.Response.UpdatePeriodSeconds);
        Assert.False(profile.Facts.Response.AveragingKnown);
        Assert.Equal(115, profile.MinimumLoadWatts, 1e-9);
        Assert.Equal(new SerialSettings(9600), profile.Transport("modbus-rtu")!.Line);
        Assert.Equal(80, profile.Registers.MaxRegisters);
        Assert.Equal(new SerialSettings(2400), Library.Find("eastron-sdm120").Transport("modbus-rtu")!.Line);
    }
}
