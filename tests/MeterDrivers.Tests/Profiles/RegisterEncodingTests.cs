using CsCheck;

using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Tests.Profiles;

public sealed class RegisterEncodingTests
{
    private static readonly Gen<RegisterEncoding> Encodings = Gen.Select(Gen.Enum<RegisterType>(), Gen.Enum<WordOrder>())
        .Select((type, order) => new RegisterEncoding(type, order));

    [Fact]
    public void Decoding_undoes_encoding_in_every_type_and_order() =>
        Gen.Select(Encodings, Gen.ULong).Sample((encoding, bits) =>
        {
            var code = encoding.FromBits(bits);
            var registers = new ushort[encoding.Registers];
            encoding.Encode(code, registers);
            return encoding.Decode(registers) == code;
        });

    [Theory]
    [InlineData(WordOrder.Abcd, 0x4366, 0x8000)]
    [InlineData(WordOrder.Cdab, 0x8000, 0x4366)]
    [InlineData(WordOrder.Badc, 0x6643, 0x0080)]
    [InlineData(WordOrder.Dcba, 0x0080, 0x6643)]
    public void A_single_of_230_5_volts_reads_the_same_in_each_order(WordOrder order, int first, int second)
    {
        var encoding = new RegisterEncoding(RegisterType.F32, order);

        var code = encoding.Decode([(ushort)first, (ushort)second]);

        Assert.Equal(230.5, encoding.Scale(1).ToValue(code));
    }

    [Theory]
    [InlineData(RegisterType.S16, new[] { 0x8000 }, -32768)]
    [InlineData(RegisterType.U16, new[] { 0x8000 }, 32768)]
    [InlineData(RegisterType.S32, new[] { 0x8000, 0x0000 }, int.MinValue)]
    [InlineData(RegisterType.U32, new[] { 0xFFFF, 0xFFFE }, 4294967294)]
    [InlineData(RegisterType.S64, new[] { 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF }, -1)]
    [InlineData(RegisterType.U64, new[] { 0, 1, 0, 2 }, 4294967298)]
    public void Signs_are_a_matter_of_the_type(RegisterType type, int[] registers, long value) =>
        Assert.Equal(value, new RegisterEncoding(type).Decode([.. registers.Select(register => (ushort)register)]));

    [Fact]
    public void A_double_keeps_its_bits()
    {
        var encoding = new RegisterEncoding(RegisterType.F64, WordOrder.Cdab);
        var registers = new ushort[4];
        encoding.Encode(BitConverter.DoubleToInt64Bits(-Math.PI), registers);

        Assert.Equal(-Math.PI * 1000, encoding.Scale(1000).ToValue(encoding.Decode(registers)));
    }

    [Fact]
    public void No_number_and_no_room_are_flagged()
    {
        var single = new RegisterEncoding(RegisterType.F32);

        Assert.Equal(SampleFlags.NotAvailable, single.FlagsOf(BitConverter.SingleToInt32Bits(float.NaN)));
        Assert.Equal(SampleFlags.Overflow, single.FlagsOf(BitConverter.SingleToInt32Bits(float.NegativeInfinity)));
        Assert.Equal(SampleFlags.None, single.FlagsOf(BitConverter.SingleToInt32Bits(-1)));
        Assert.Equal(SampleFlags.Overflow, new RegisterEncoding(RegisterType.U64).FlagsOf(-1));
        Assert.Equal(SampleFlags.None, new RegisterEncoding(RegisterType.S64).FlagsOf(-1));
    }

    [Theory]
    [InlineData("0.001kWh", Quantity.EnergyImport, 3600)]
    [InlineData("1Wh", Quantity.EnergyImport, 3600)]
    [InlineData("5mV", Quantity.Voltage, 0.005)]
    [InlineData("-3 kvar", Quantity.ReactivePower, -3000)]
    [InlineData("0.1", Quantity.PowerFactor, 0.1)]
    [InlineData("3%", Quantity.Thd, 0.03)]
    public void Units_become_SI(string text, Quantity quantity, double value)
    {
        Assert.True(QuantityUnits.TryParse(text, quantity, out var parsed, out _));
        Assert.Equal(value, parsed, 1e-12);
    }

    [Theory]
    [InlineData("10", Quantity.ActivePower)]
    [InlineData("W", Quantity.ActivePower)]
    [InlineData("10VA", Quantity.ActivePower)]
    [InlineData("1e999W", Quantity.ActivePower)]
    public void A_missing_or_wrong_unit_is_refused(string text, Quantity quantity) =>
        Assert.False(QuantityUnits.TryParse(text, quantity, out _, out _));
}
