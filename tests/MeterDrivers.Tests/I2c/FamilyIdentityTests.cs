namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>How the chips of the family are told from each other, and from strangers.</summary>
public sealed class FamilyIdentityTests
{
    private readonly FamilyBench _family = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ina219", "ina226", "has a manufacturer's register at 0xfe")]
    [InlineData("ina219", "ina3221", "has a manufacturer's register at 0xfe")]
    [InlineData("ina219", "ina228", "has a manufacturer's register at 0x3e")]
    [InlineData("ina209", "ina236", "has a manufacturer's register at 0x3e")]
    [InlineData("ina230", "ina260", "has a manufacturer's register at 0xfe")]
    [InlineData("ina226", "ina219", "manufacturer 0xFFFF")]
    [InlineData("ina226", "ina260", "die 0x2270")]
    [InlineData("ina260", "ina226", "die 0x2260")]
    [InlineData("ina238", "ina228", "die 0x2281")]
    [InlineData("ina237", "ina238", "die 0x2381")]
    [InlineData("ina236", "ina228", "die 0x2281")]
    [InlineData("ina232", "ina236", "die 0xA080")]
    [InlineData("ina780", "ina228", "die 0x2281")]
    public async Task Another_chip_is_refused_and_nothing_is_written_to_it(string model, string present, string found)
    {
        FakeChip chip;
        if (present == "ina3221")
        {
            chip = new FakeChip();
            chip.Set(0xFE, 0x5449);
            chip.Set(0xFF, 0x3220);
            _family.Bench.WithChip(0x40, chip);
        }
        else
        {
            chip = _family.Attach(present).Chip;
        }

        var failure = await Assert.ThrowsAsync<MeterException>(() => _family.OpenAsync(FamilyBench.Uri(model)));
        Assert.Equal(MeterFailure.WrongDevice, failure.Failure);
        Assert.Contains(found, failure.Message, StringComparison.Ordinal);
        Assert.Empty(chip.Writes);
    }

    [Theory]
    [InlineData("ina230", "ina226")]
    [InlineData("ina231", "ina226")]
    public async Task A_chip_with_the_same_registers_is_taken(string model, string present)
    {
        _family.Attach(present);
        await using var meter = await _family.OpenAsync(FamilyBench.Uri(model));
        Assert.Null((await meter.IdentifyAsync(Token)).Model);
    }

    [Fact]
    public async Task An_INA219_is_reset_only_where_the_address_asks_for_it()
    {
        var chip = _family.Attach("ina219");
        await (await _family.OpenAsync(FamilyBench.Uri("ina219"))).DisposeAsync();
        Assert.DoesNotContain(chip.Chip.Writes, write => write is { Register: 0, Value: 0x8000 });
        await (await _family.OpenAsync(FamilyBench.Uri("ina219") + "&probe=reset")).DisposeAsync();
        Assert.Single(chip.Chip.Writes, write => write is { Register: 0, Value: 0x8000 });
        _family.Attach("ina226", 0x41);
        _family.Bench.Bus.Chips[0x41].Registers.Remove(0xFE);
        var failure = await Assert.ThrowsAsync<MeterException>(() => _family.OpenAsync(FamilyBench.Uri("ina219").Replace("0x40", "0x41", StringComparison.Ordinal) + "&probe=reset"));
        Assert.Contains("0x4127 after a reset, where 0x399F", failure.Message, StringComparison.Ordinal);
    }
}
