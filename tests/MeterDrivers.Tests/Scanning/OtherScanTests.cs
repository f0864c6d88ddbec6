using MeterLab.Measurement;
using MeterLab.MeterDrivers.Scanning;
using MeterLab.MeterDrivers.Scpi;
using MeterLab.MeterDrivers.Tests.I2c;
using MeterLab.MeterDrivers.Tests.Scpi;

namespace MeterLab.MeterDrivers.Tests.Scanning;

/// <summary>Scans of an I2C bus and of an instrument: what is there is named, nothing is written.</summary>
public sealed class OtherScanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chips_are_told_apart_by_reading_alone()
    {
        var old = new FakeChip();
        old.Set(0x00, 0x399F);
        var stranger = new FakeChip();
        stranger.Set(0x00, 0xFFFF);
        var named = new FakeIna226();
        var bench = new Bench().WithChip(0x40, named.Chip).WithChip(0x45, old).WithChip(0x4F, stranger);
        named.Chip.Writes.Clear();

        var report = await bench.Opener.ScanAsync(new ScanRequest(MeterUri.Parse("i2c://1")), bench.Environment, null, Token);

        Assert.Equal(["0x40", "0x45", "0x4f"], report.Answers.Select(answer => answer.Place));
        var chip = Assert.Single(report.Answers[0].Candidates);
        Assert.Equal(("ina226", ScanCertainty.Identified, "i2c://1/0x40?model=ina226&shunt=SHUNT&max-current=CURRENT"), (chip.Model, chip.Certainty, chip.Uri));
        Assert.Equal(["ina209", "ina219", "ina220"], report.Answers[1].Candidates.Select(candidate => candidate.Model).Order());
        Assert.All(report.Answers[1].Candidates, candidate => Assert.Equal(ScanCertainty.Possible, candidate.Certainty));
        Assert.Empty(report.Answers[2].Candidates);
        Assert.Contains("no shunt monitor that is known", report.Answers[2].Notes[0], StringComparison.Ordinal);
        Assert.Empty(named.Chip.Writes);
        Assert.Empty(old.Writes);
        Assert.Empty(stranger.Writes);
    }

    [Fact]
    public async Task An_empty_bus_is_said_and_a_bus_that_is_not_there_is_a_failure()
    {
        var bench = new Bench();

        var report = await bench.Opener.ScanAsync(new ScanRequest(MeterUri.Parse("i2c://1")), bench.Environment, null, Token);

        Assert.Empty(report.Answers);
        Assert.Contains("nothing answered", Assert.Single(report.Notes), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ConfigurationException>(() => bench.Opener.ScanAsync(new ScanRequest(MeterUri.Parse("i2c://1/0x40")), bench.Environment, null, Token));
    }

    [Fact]
    public async Task An_instrument_names_itself_and_is_asked_only()
    {
        await using var instrument = new FakeInstrument(question => question switch
        {
            "*IDN?" => "YOKOGAWA,WT310E,C2PH13047V,F1.03",
            ":NUMeric:NORMal:NUMber?" => "3",
            ":NUMeric:NORMal:ITEM1?" => "U,1",
            ":NUMeric:NORMal:ITEM2?" => "I,1",
            ":NUMeric:NORMal:ITEM3?" => "P,1",
            ":NUMeric:NORMal:VALue?" => "230.12E+00,0.4321E+00,98.76E+00",
            _ => question.EndsWith('?') ? "0" : null,
        });
        var environment = Shipped.Environment;

        var report = await new ScpiOpener().ScanAsync(
            new ScanRequest(MeterUri.Parse($"scpi://127.0.0.1:{instrument.Port}")) { Timeout = TimeSpan.FromSeconds(3) }, environment, null, Token);

        var found = Assert.Single(Assert.Single(report.Answers).Candidates);
        Assert.Equal(("yokogawa-wt310e", ScanCertainty.Identified, "C2PH13047V"), (found.Model, found.Certainty, found.Identity!.Serial));
        Assert.All(instrument.Heard, line => Assert.EndsWith("?", line, StringComparison.Ordinal));
    }
}
