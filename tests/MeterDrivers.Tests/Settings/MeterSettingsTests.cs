using MeterLab.Measurement;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.MeterDrivers.Scpi;
using MeterLab.MeterDrivers.Settings;
using MeterLab.MeterDrivers.Tests.I2c;
using MeterLab.MeterDrivers.Tests.Modbus;
using MeterLab.MeterDrivers.Tests.Scpi;

namespace MeterLab.MeterDrivers.Tests.Settings;

/// <summary>Settings are read back, compared with what must be set, written only when asked, and no shipped file contradicts its meter profile.</summary>
public sealed class MeterSettingsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_mode_is_seen_written_and_right_afterwards()
    {
        var device = new RegisterDevice();
        (device.Registers[0x000B], device.Registers[0x1103], device.Registers[0x1002]) = (340, 0, 3);
        await using var server = new LoopbackServer(request => [device.Answer(request)]);
        await using var meter = await OpenAsync($"modbus-tcp://127.0.0.1:{server.Port}/1?model=carlo-gavazzi-em340");

        var before = await meter.ReadSettingsAsync(Token);

        Assert.Equal(("0", "1", false, true), Facts(before, "measurement-mode"));
        Assert.Equal(("3", null, true, false), Facts(before, "measuring-system"));
        Assert.DoesNotContain(device.Requests, request => request.Function is 6 or 16);

        await meter.WriteSettingAsync("measurement-mode", Token);

        Assert.Equal((6, 0x1103), device.Requests.Where(request => request.Function is 6 or 16).Select(request => (request.Function, request.Address)).Single());
        Assert.All(await meter.ReadSettingsAsync(Token), setting => Assert.True(setting.IsRight));
        await Assert.ThrowsAsync<ArgumentException>(() => meter.WriteSettingAsync("measuring-system", Token));
    }

    [Fact]
    public async Task A_value_that_will_do_as_well_is_right()
    {
        var device = new RegisterDevice();
        device.Registers[0x1103] = 2;
        await using var server = new LoopbackServer(request => [device.Answer(request)]);
        await using var meter = await OpenAsync($"modbus-tcp://127.0.0.1:{server.Port}/1?model=carlo-gavazzi-em540");

        Assert.True((await meter.ReadSettingsAsync(Token)).Single(setting => setting.Name == "measurement-mode").IsRight);
    }

    [Fact]
    public async Task Numbers_in_floats_are_read_as_numbers()
    {
        var device = new RegisterDevice();
        device.SetSingle(0x0002, 60);
        device.SetSingle(0x000A, 3);
        await using var server = new LoopbackServer(request => [device.Answer(request)]);
        await using var meter = await OpenAsync($"modbus-tcp://127.0.0.1:{server.Port}/1?model=eastron-sdm630");

        Assert.Equal(["60", "3"], (await meter.ReadSettingsAsync(Token)).Select(setting => setting.Value));
    }

    [Fact]
    public async Task A_chip_is_looked_at_without_being_set_and_set_when_asked()
    {
        var fake = new FakeIna226();
        var bench = new Bench().WithChip(0x40, fake.Chip);
        var uri = MeterUri.Parse("i2c://1/0x40?model=ina226&shunt=2mohm&max-current=20A&average=16");
        await using var meter = Assert.IsType<IMeterSettings>(await bench.Opener.OpenAsItIsAsync(uri, "rail", bench.Environment, Token), exactMatch: false);

        Assert.Contains(await meter.ReadSettingsAsync(Token), setting => !setting.IsRight);
        Assert.Empty(fake.Chip.Writes);

        await meter.WriteSettingAsync("register-0x05", Token);

        Assert.NotEmpty(fake.Chip.Writes);
        Assert.All(await meter.ReadSettingsAsync(Token), setting => Assert.True(setting.IsRight, setting.Name));
    }

    [Fact]
    public async Task An_instrument_is_asked_and_told_in_its_own_words()
    {
        var auto = "1";
        await using var instrument = new FakeInstrument(question =>
        {
            if (question == ":INPut:CURRent:AUTO OFF")
                auto = "0";
            return question switch
            {
                "*IDN?" => "YOKOGAWA,WT310E,C2PH13047V,F1.03",
                ":NUMeric:NORMal:NUMber?" => "1",
                ":NUMeric:NORMal:ITEM1?" => "P,1",
                ":INPut:CURRent:AUTO?" => $":INP:CURR:AUTO {auto}",
                ":INPut:VOLTage:RANGe?" => "300.0E+00",
                _ => question.EndsWith('?') ? "0" : null,
            };
        });
        var uri = MeterUri.Parse($"scpi://127.0.0.1:{instrument.Port}?model=yokogawa-wt310e&timeout=5s");
        await using var meter = Assert.IsType<IMeterSettings>(await ((IMeterOpener)new ScpiOpener()).OpenAsItIsAsync(uri, "wall", Shipped.Environment, Token), exactMatch: false);

        var before = await meter.ReadSettingsAsync(Token);
        await meter.WriteSettingAsync("current-auto", Token);

        Assert.Equal(("1", "0", false, true), Facts(before, "current-auto"));
        Assert.Equal("300.0E+00", before.Single(setting => setting.Name == "voltage-range").Value);
        Assert.All(await meter.ReadSettingsAsync(Token), setting => Assert.True(setting.IsRight, setting.Name));
    }

    [Fact]
    public void Every_shipped_file_is_read_and_agrees_with_what_its_meter_profile_refuses()
    {
        var library = new SettingsLibrary(Shipped.Environment.SettingsDirectory);
        var profiles = new ProfileLibrary(Shipped.Environment.ProfileDirectory);

        Assert.NotEmpty(library.Models());
        foreach (var profile in profiles.All())
        {
            var rules = library.Find(profile.Facts.Model);
            foreach (var check in profile.Registers.Settings)
            {
                var rule = Assert.Single(rules, rule => rule.Register?.Address == check.Register.Address);
                Assert.True(check.Accepts(long.Parse(rule.Want!, System.Globalization.CultureInfo.InvariantCulture)), $"{profile.Facts.Model}: {rule.Name}");
                Assert.All(rule.Accept, value => Assert.True(check.Accepts(long.Parse(value, System.Globalization.CultureInfo.InvariantCulture))));
            }
        }

        Assert.All(library.Models(), model => Assert.NotEmpty(library.Find(model)));
        Assert.Empty(library.Models().Except(profiles.Models()));
    }

    [Theory]
    [InlineData("mode: { register: { table: holding, address: 1, type: u16 }, wnat: 1, meaning: m }", "unknown key 'wnat'")]
    [InlineData("mode: { register: { table: holding, address: 1, type: u16, write: 6 }, meaning: m }", "without 'want'")]
    [InlineData("mode: { register: { table: holding, address: 1, type: u16 }, want: B, meaning: m }", "a register holds a number")]
    [InlineData("mode: { want: 1, meaning: m }", "either 'register' or 'ask'")]
    public void A_mistake_in_a_file_is_said_with_its_place(string setting, string words)
    {
        var folder = Directory.CreateTempSubdirectory("settings-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "x-1.yaml"), $"model: x-1\nsource: s\nfacts-mark: 1\nsettings:\n  {setting}\n");

            var error = Assert.Throws<ConfigurationException>(() => new SettingsLibrary(folder.FullName).Find("x-1"));

            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.Contains("x-1.yaml", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IMeterSettings> OpenAsync(string uri) =>
        Assert.IsType<IMeterSettings>(await new ModbusOpener().OpenAsItIsAsync(MeterUri.Parse(uri), "wall", Shipped.Environment, Token), exactMatch: false);

    private static (string? Value, string? Wanted, bool Right, bool CanWrite) Facts(IEnumerable<MeterSetting> settings, string name)
    {
        var setting = settings.Single(setting => setting.Name == name);
        return (setting.Value, setting.Wanted, setting.IsRight, setting.CanWrite);
    }
}
