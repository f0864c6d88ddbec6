using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.I2c.Ina226;

namespace MeterLab.MeterDrivers.I2c.Ina3221;

/// <summary>
/// Texas Instruments INA3221 (SBOS776C): three shunts and three bus voltages, 13 bits, converted one after the other. The chip multiplies
/// nothing: power is the product of a channel's two results, and the total their sum.
/// </summary>
internal sealed class Ina3221Meter : ShuntMonitor
{
    private const string Model = "ina3221";
    private const string Total = "total";

    // The total is no product of whole steps where the shunts differ.
    private const double TotalStep = 1e-9;
    private const double ProductStep = Ina3221Plan.ShuntStep * Ina3221Plan.BusStep;
    private const byte MaskEnable = 0x0F;
    private const int ConversionReady = 1;

    private static readonly ShuntAccuracy Limits = new(
        new LimitOfError(80e-6, 0.0025, OffsetDrift: 0.5e-6, GainDrift: 50e-6), new LimitOfError(16e-3, 0.0025, OffsetDrift: 80e-6, GainDrift: 50e-6));

    private readonly Ina3221Plan _plan;
    private IReadOnlyDictionary<Quantity, AccuracyLimit>[] _limits = [];

    private Ina3221Meter(Ina3221Plan plan, MeterUri uri, MeterContext context, I2cRegisters registers)
        : base(Chip, uri, context, registers, plan.Registers) => _plan = plan;

    /// <summary>The data sheet.</summary>
    internal static new ShuntChip Chip { get; } = new()
    {
        Model = Model,
        Identity = new ChipIdentity(0xFE, 0xFF, 0x322),
        BusFullScale = 26,
        Accuracy = Limits,
        Quantities = [Quantity.ActivePower, Quantity.Voltage, Quantity.Current, Quantity.ShuntVoltage],
        Source = "TI SBOS776C, INA3221 data sheet; that it averages as a running filter is known from one source",
        FactsMark = 2,
        Response = ResponseOf(3 * Ina226Family.Seconds(new ConversionSettings(0, 2, 2, 0)), 16, 0, 3),
        Options = Ina3221Plan.Options,
        Prepare = (uri, context) =>
        {
            var plan = Ina3221Plan.For(uri);
            return registers => new Ina3221Meter(plan, uri, context, registers);
        },
    };

    /// <inheritdoc/>
    protected override double UpdateSeconds => _plan.UpdateSeconds;

    /// <inheritdoc/>
    protected override double SlowestClock => Ina226Family.SlowestClock;

    /// <summary>Voltage across the shunt of the channel at an index of those in use, signed.</summary>
    public Volts ReadShuntVoltage(int index) => new(Registers.Read(_plan.Used[index].Shunt) * Ina3221Plan.ShuntStep);

    /// <summary>Bus voltage of the channel at an index of those in use.</summary>
    public Volts ReadBusVoltage(int index) => new(Registers.Read(_plan.Used[index].Bus) * Ina3221Plan.BusStep);

    /// <inheritdoc/>
    protected override Conversion Look(bool withEnergy, bool always, Span<TraceCode> codes)
    {
        var ready = (Registers.ReadUInt16(MaskEnable) & ConversionReady) != 0;
        if (!ready && !always)
            return default;
        var watts = 0.0;
        var all = SampleFlags.None;
        for (var i = 0; i < _plan.Used.Count && codes.Length > 0; i++)
        {
            var channel = _plan.Used[i];
            var shunt = Registers.Read(channel.Shunt);
            var product = shunt * Registers.Read(channel.Bus);
            var flags = FlagsOf(shunt);
            all |= flags;
            watts += product * ProductStep / channel.Settings.Shunt.Value;
            codes[i] = new TraceCode(product, flags);
        }

        if (codes.Length > _plan.Used.Count)
            codes[_plan.Used.Count] = new TraceCode((long)Math.Round(watts / TotalStep), all);
        return new Conversion(ready, !HoldsSettings());
    }

    /// <inheritdoc/>
    protected override void DiscardConversion() => Registers.ReadUInt16(MaskEnable);

    /// <inheritdoc/>
    protected override void ReadAll(ICollection<MeterReading> readings)
    {
        var watts = 0.0;
        var all = SampleFlags.None;
        for (var i = 0; i < _plan.Used.Count; i++)
        {
            var channel = _plan.Used[i];
            var code = Registers.Read(channel.Shunt);
            var (shunt, bus) = (code * Ina3221Plan.ShuntStep, ReadBusVoltage(i).Value);
            var amperes = shunt / channel.Settings.Shunt.Value;
            var flags = FlagsOf(code);
            all |= flags;
            watts += amperes * bus;
            Add(i, Quantity.ActivePower, amperes * bus, PowerStep(channel, bus), flags);
            Add(i, Quantity.Voltage, bus, Ina3221Plan.BusStep);
            Add(i, Quantity.Current, amperes, Ina3221Plan.ShuntStep / channel.Settings.Shunt.Value, flags);
            Add(i, Quantity.ShuntVoltage, shunt, Ina3221Plan.ShuntStep, flags);
        }

        if (_plan.Used.Count > 1)
            readings.Add(Reading(Total, Quantity.ActivePower, watts, TotalStep, TotalLimit(), all));

        void Add(int index, Quantity quantity, double value, double step, SampleFlags flags = SampleFlags.None) =>
            readings.Add(Reading(_plan.Used[index].Name, quantity, value, step, _limits[index].GetValueOrDefault(quantity), flags));
    }

    /// <inheritdoc/>
    protected override (MeterFacts Facts, IReadOnlyList<TraceDescription> Traces) Describe(MeterFacts facts)
    {
        var traces = new List<TraceDescription>();
        var count = _plan.Used.Count;
        var cycle = count * _plan.ChannelSeconds;
        _limits = new IReadOnlyDictionary<Quantity, AccuracyLimit>[count];
        for (var i = 0; i < count; i++)
        {
            var channel = _plan.Used[i];
            var volts = channel.Settings.BusVoltage?.Value ?? ReadBusVoltage(i).Value;
            var rail = Math.Abs(volts) >= 1 ? Math.Abs(volts) : Chip.BusFullScale;
            // The product is made here, in full: nothing is cut off.
            _limits[i] = Limits.Limits(channel.Settings, rail, powerCut: 0);
            traces.Add(Trace(
                channel.Name, Quantity.ActivePower, new LinearScale(ProductStep / channel.Settings.Shunt.Value), PowerStep(channel, rail),
                ResponseOf(cycle, _plan.Average, i, count), _limits[i].GetValueOrDefault(Quantity.ActivePower)));
        }

        var whole = ResponseOf(cycle, _plan.Average, 0, 1);
        if (count > 1)
            traces.Add(Trace(Total, Quantity.ActivePower, new LinearScale(TotalStep), traces.Max(trace => trace.Resolution), whole, TotalLimit()));
        return (facts with { Response = whole, Accuracy = _limits[0] }, traces);
    }

    private static double PowerStep(Ina3221Channel channel, double volts) =>
        Ina3221Plan.ShuntStep / channel.Settings.Shunt.Value * Math.Max(Math.Abs(volts), Ina3221Plan.BusStep);

    private static SampleFlags FlagsOf(long shunt) => Math.Abs(shunt) >= Ina3221Plan.FullScale ? SampleFlags.Overflow : SampleFlags.None;

    /// <summary>
    /// A channel is converted in one slot of the cycle, and those behind it make its result old. An average is a running filter, new = old
    /// + (x - old) / N each cycle: a first-order lag, not a window.
    /// </summary>
    private static MeterResponse ResponseOf(double cycleSeconds, int average, int slot, int slots) => average == 1
        ? new MeterResponse(cycleSeconds, cycleSeconds / slots, (slots - 1 - slot) * cycleSeconds / slots) { AveragingKnown = true, DelayKnown = true }
        : new MeterResponse(average * cycleSeconds, -cycleSeconds / Math.Log(1 - 1.0 / average), 0, ResponseShape.FirstOrder)
        {
            AveragingKnown = true,
            DelayKnown = true,
        };

    /// <summary>Limits of a sum: the largest gain, and all offsets.</summary>
    private AccuracyLimit TotalLimit() => new()
    {
        ReadingPercent = _limits.Max(limits => limits[Quantity.ActivePower].ReadingPercent),
        Absolute = _limits.Sum(limits => limits[Quantity.ActivePower].Absolute),
    };
}
