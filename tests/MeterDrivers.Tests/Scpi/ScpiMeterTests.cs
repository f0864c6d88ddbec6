using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Scpi;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.Scpi;

public sealed class ScpiMeterTests
{
    private static readonly (string, string)[] Wt310e =
    [
        ("*IDN?", "YOKOGAWA,WT310E,C3UJ12345V,F1.03"),
        (":NUMeric:NORMal:NUMber?", "5"),
        (":NUMeric:NORMal:ITEM1?", "U,1"), (":NUMeric:NORMal:ITEM2?", "I,1"), (":NUMeric:NORMal:ITEM3?", ":NUMERIC:NORMAL:ITEM3 P,1"),
        (":NUMeric:NORMal:ITEM4?", "WHP,1"), (":NUMeric:NORMal:ITEM5?", "UPPeak,1"),
        (":NUMeric:NORMal:VALue?", "230.12E+00,0.4321E+00,98.76E+00,1.2500E+00,325.1E+00"),
        (":INPut:VOLTage:RANGe?", "300.0E+00"), (":INPut:VOLTage:AUTO?", "0"), (":INPut:CURRent:RANGe?", ":INPUT:CURRENT:RANGE 2.0E+00"), (":INPut:CURRent:AUTO?", "0"),
        (":RATE?", "500.0E-03"), (":INPut:MODE?", "RMS"),
    ];

    // As recorded from a GPM-8213 V1.05.
    private static readonly (string, string)[] Gpm8213 =
    [
        ("*IDN?", "GWInstek,GPM-8213,GEX000001,V1.05\r"),
        (":NUMERIC:NORMAL:HEADER?", "Urms,Irms,P,S,fU,PF,Q,fI\r"),
        (":NUMERIC:NORMAL:VALUE?", "127.58E+00,240.02E-03,17.688E+00,30.622E+00,59.993E+00,0.5776E+00,24.997E+00,NAN\r"),
    ];

    private static readonly (string, string)[] Hmc8015 =
    [
        ("*IDN?", "HAMEG/Rohde&Schwarz,HMC8015,012345678,01.106"),
        ("CHAN1:MEAS:FUNC?", "URMS,IRMS,P,FPLL,URAN,IRAN,S,Q,LAMB,PHI"),
        ("CHAN1:MEAS:DATA?", "2.30E+02,1.00E+00,-2.2E+02,50.01E+00,300,5,2.3E+02,6.7E+01,9.56E-01,9.91E+37"),
    ];

    private static readonly (string, string)[] Lmg600 =
    [
        ("*IDN?", "ZES ZIMMER Electronic Systems GmbH, LMG671, 00123456, 3.033"),
        ("actn;p1?;utrms1?;itrms1?;s1?;q1?;pf1?;freq1?", "101.5;230.1;0.5;115.05;9.9e37;0.882;50.00"),
        ("actn;p1?", "101.5"),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool, string> Instruments => new()
    {
        { "yokogawa-wt310e", false, "active-power 98.76; current 0.4321; energy-import 4500; voltage 230.12" },
        { "yokogawa-wt310e", true, "active-power 98.76; current 0.4321; energy-import 4500; voltage 230.12" },
        { "gw-instek-gpm-8213", false, "active-power 17.688; apparent-power 30.622; current 0.24002; frequency 59.993; power-factor 0.5776; reactive-power 24.997; voltage 127.58" },
        { "gw-instek-gpm-8213", true, "active-power 17.688; apparent-power 30.622; current 0.24002; frequency 59.993; power-factor 0.5776; reactive-power 24.997; voltage 127.58" },
        { "rohde-schwarz-hmc8015", false, "active-power -220; apparent-power 230; current 1; frequency 50.01; phase-angle ; power-factor 0.956; reactive-power 67; voltage 230" },
        { "zes-lmg600", false, "active-power 101.5; apparent-power 115.05; current 0.5; frequency 50; power-factor 0.882; reactive-power ; voltage 230.1" },
    };

    [Theory]
    [MemberData(nameof(Instruments))]
    public async Task Values_are_taken_by_their_name_in_the_instruments_own_list(string model, bool serial, string expected)
    {
        await using var instrument = new FakeInstrument(FakeInstrument.Script(Of(model)), serial);
        await using var meter = await OpenAsync(instrument, model);

        var readings = await meter.ReadAsync(Token);

        Assert.Equal(expected, string.Join("; ", readings.Select(r => string.Create(CultureInfo.InvariantCulture, $"{QuantityNames.NameOf(r.Quantity)} {r.Value:G12}")).Order(StringComparer.Ordinal)));
        Assert.All(readings, r => Assert.Equal("total", r.Channel));
        // Nothing but questions: an instrument of somebody else keeps its settings.
        Assert.All(instrument.Heard, line => Assert.EndsWith("?", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fixed_range_narrows_the_accuracy_and_the_rate_that_is_set_counts()
    {
        await using var instrument = new FakeInstrument(FakeInstrument.Script(Wt310e));
        await using var meter = await OpenAsync(instrument, "yokogawa-wt310e");

        var power = (await meter.ReadAsync(Token)).Single(r => r.Quantity == Quantity.ActivePower);
        var identity = await meter.IdentifyAsync(Token);

        // 0.1 % of the reading and 0.05 % of 300 V x 2 A.
        Assert.Equal(Math.Sqrt((Math.Pow(98.76 * 0.001, 2) + Math.Pow(600 * 0.0005, 2)) / 3), power.StandardUncertainty!.Value, 1e-9);
        Assert.Equal(0.5, meter.Facts.Response.UpdatePeriodSeconds);
        Assert.Equal(0.5, meter.Facts.Response.AveragingSeconds);
        Assert.Equal(("WT310E", "C3UJ12345V", "F1.03", false), (identity.Model, identity.Serial, identity.Firmware, identity.AutoRange));
        Assert.Contains("voltage-range 300.0E+00", identity.Settings!, StringComparison.Ordinal);
        Assert.Equal(identity, await meter.IdentifyAsync(Token));
    }

    [Fact]
    public async Task A_range_that_changes_by_itself_is_told_and_the_largest_counts()
    {
        var range = "300.0E+00";
        await using var instrument = new FakeInstrument(question => question switch
        {
            ":INPut:VOLTage:AUTO?" => "1",
            ":INPut:VOLTage:RANGe?" => range,
            _ => FakeInstrument.Script(Wt310e)(question),
        });
        await using var meter = await OpenAsync(instrument, "yokogawa-wt310e");

        var before = await meter.IdentifyAsync(Token);
        range = "150.0E+00";
        var after = await meter.IdentifyAsync(Token);

        Assert.True(before.AutoRange);
        Assert.NotEqual(before, after);
        Assert.Equal(12_000, meter.Facts.Accuracy[Quantity.ActivePower].Range);
    }

    [Fact]
    public async Task The_set_up_is_sent_only_where_the_address_asks_for_it()
    {
        await using var instrument = new FakeInstrument(question => question.EndsWith('?') ? FakeInstrument.Script(Gpm8213)(question) : null);
        await using var meter = await OpenAsync(instrument, "gw-instek-gpm-8213", "&setup=true");

        Assert.Equal(
            [":NUMERIC:NORMAL:NUMBER 8", ":NUMERIC:NORMAL:ITEM1 U"],
            instrument.Heard.Where(line => !line.EndsWith('?')).Take(2));
    }

    [Theory]
    [InlineData("YOKOGAWA,WT310,C1,F1")]
    [InlineData("Keysight Technologies,34465A,MY1,A.03")]
    [InlineData("ready")]
    public async Task A_stranger_is_refused(string identity)
    {
        await using var instrument = new FakeInstrument(question => question == "*IDN?" ? identity : FakeInstrument.Script(Wt310e)(question));

        var failure = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(instrument, "yokogawa-wt310e"));

        Assert.Equal(MeterFailure.WrongDevice, failure.Failure);
    }

    [Fact]
    public async Task A_list_without_power_is_refused_with_what_to_do()
    {
        await using var instrument = new FakeInstrument(question => question == ":NUMERIC:NORMAL:HEADER?" ? "Urms,Irms" : FakeInstrument.Script(Gpm8213)(question));

        var failure = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(instrument, "gw-instek-gpm-8213"));

        Assert.Contains("setup=true", failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, bool, string> Faults => new()
    {
        { "127.58E+00,240.02E-03\n\u0005", false, "Protocol" },
        { "127.58E+00,240.02E-03\n\u0005", true, "Protocol" },
        { "1,2,3,4,5,6,7,8,9", false, "Protocol" },
        { "1,2,3,4,5,6,7,", false, "Protocol" },
        { "1,2,3x,4,5,6,7,8", false, "Protocol" },
        { "#40032abcdefgh", false, "Protocol" },
        { "\u0006\u0019\u00ff", false, "Protocol" },
        { "1,2,3,4\u0005", false, "Corrupt" },
        { "1,2,3,4\u0005", true, "Corrupt" },
        { "1,2,3,4,5,6,7,8\n1,2,3,4,5,6,7,8", true, "Corrupt" },
        { "1,2\u0004", false, "Closed" },
        { "", false, "Protocol" },
        { "\u0005", false, "TimedOut" },
        { "\u0005", true, "TimedOut" },
        { "oversize", false, "Corrupt" },
        { "oversize", true, "Corrupt" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_a_declared_failure_and_a_recording_goes_on_behind_it(string answer, bool serial, string expected)
    {
        var broken = false;
        var script = FakeInstrument.Script(Gpm8213);
        await using var instrument = new FakeInstrument(
            question => broken && question.Contains("VALUE", StringComparison.Ordinal) ? answer == "oversize" ? new string('1', 20_000) : answer : script(question), serial);
        await using var meter = await OpenAsync(instrument, "gw-instek-gpm-8213", "&timeout=300ms");

        broken = true;
        var failure = await Assert.ThrowsAnyAsync<MeterLabException>(() => meter.ReadAsync(Token));
        broken = false;

        Assert.Equal(expected, failure is LinkException link ? link.Failure.ToString() : ((MeterException)failure).Failure.ToString());
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var acquisition = meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(20)), sink, stop.Token);
        while (sink.Samples.Count < 3 && !acquisition.IsCompleted)
            await Task.Delay(10, Token);
        await stop.CancelAsync();
        await acquisition;
        Assert.All(sink.Samples, s => Assert.Equal(17.688, meter.Traces[0].Scale.ToValue(s.Sample.Code)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_comes_after_its_deadline_is_not_taken_for_the_next(bool serial)
    {
        FakeInstrument? instrument = null;
        var late = 0;
        var script = FakeInstrument.Script(Gpm8213);
        await using var made = instrument = new FakeInstrument(
            question =>
            {
                if (!question.Contains("VALUE", StringComparison.Ordinal) || Interlocked.CompareExchange(ref late, 2, 1) != 1)
                    return script(question);
                // The instrument thinks for longer than anybody waits; whoever asks meanwhile stands in its queue.
                Task.Delay(500, Token).Wait(Token);
                return "1,2,666,4,5,6,7,8";
            },
            serial);
        await using var meter = await OpenAsync(instrument, "gw-instek-gpm-8213", "&timeout=250ms");
        late = 1;
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(20)), sink, stop.Token);
        while (sink.Samples.Count < 5 && !acquisition.IsCompleted)
            await Task.Delay(10, Token);
        await stop.CancelAsync();
        await acquisition;

        Assert.Equal(2, late);
        Assert.All(sink.Samples, s => Assert.Equal(17.688, meter.Traces[0].Scale.ToValue(s.Sample.Code)));
    }

    [Theory]
    [InlineData("230.12E+00", 230.12, SampleFlags.None)]
    [InlineData("-0.4", -0.4, SampleFlags.None)]
    [InlineData("+7", 7, SampleFlags.None)]
    [InlineData(".5", 0.5, SampleFlags.None)]
    [InlineData("NAN", double.NaN, SampleFlags.NotAvailable)]
    [InlineData("nan", double.NaN, SampleFlags.NotAvailable)]
    [InlineData("9.91E+37", double.NaN, SampleFlags.NotAvailable)]
    [InlineData("INF", double.PositiveInfinity, SampleFlags.Overflow)]
    [InlineData("-INF", double.NegativeInfinity, SampleFlags.Overflow)]
    [InlineData("9.9E+37", double.PositiveInfinity, SampleFlags.Overflow)]
    [InlineData("-9.9E+37", double.NegativeInfinity, SampleFlags.Overflow)]
    [InlineData("1E+400", double.PositiveInfinity, SampleFlags.Overflow)]
    public void Numbers_keep_their_value_and_the_words_for_none_are_known(string text, double value, SampleFlags flags)
    {
        Assert.True(ScpiText.TryNumber(System.Text.Encoding.ASCII.GetBytes(text), [], out var code));
        Assert.Equal((value, flags), (BitConverter.Int64BitsToDouble(code.Code), code.Flags));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1,2")]
    [InlineData("1 2")]
    [InlineData("0x10")]
    [InlineData("Infinity7")]
    [InlineData("1E")]
    [InlineData("--1")]
    public void What_is_no_number_is_none(string text) => Assert.False(ScpiText.TryNumber(System.Text.Encoding.ASCII.GetBytes(text), [], out _));

    private static (string, string)[] Of(string model) => model switch
    {
        "yokogawa-wt310e" => Wt310e,
        "gw-instek-gpm-8213" => Gpm8213,
        "rohde-schwarz-hmc8015" => Hmc8015,
        _ => Lmg600,
    };

    private static Task<IMeter> OpenAsync(FakeInstrument instrument, string model, string options = "&timeout=10s") => new ScpiOpener().OpenAsync(
        MeterUri.Parse(instrument.Pty is { } pty
            ? $"scpi-serial://{pty.SlavePath}?model={model}&baud=115200{options}"
            : string.Create(CultureInfo.InvariantCulture, $"scpi://127.0.0.1:{instrument.Port}?model={model}{options}")),
        "analyser", Shipped.Environment, Token);
}
