using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// A single-channel shunt monitor: everything that differs between the models is its map and its plan. Power is taken from the chip's
/// POWER register, which averages the products of simultaneous pairs (the product of two averages would miss how a rail sags under load),
/// with the sign of CURRENT.
/// </summary>
internal class RegisterMonitor(ShuntChip chip, ChipMap map, ShuntPlan plan, MeterUri uri, MeterContext context, I2cRegisters registers)
    : ShuntMonitor(chip, uri, context, registers, plan.Registers)
{
    /// <summary>The one channel.</summary>
    private const string Channel = "ch1";

    /// <inheritdoc/>
    protected override double UpdateSeconds => Plan.UpdateSeconds;

    /// <inheritdoc/>
    protected override double SlowestClock => Plan.SlowestClock;

    /// <inheritdoc/>
    protected override bool TellsWhenReady => map.Ready != 0;

    /// <summary>What the chip is set to.</summary>
    protected ShuntPlan Plan { get; } = plan;

    /// <summary>Bus voltage.</summary>
    public Volts ReadBusVoltage() => new(Registers.Read(map.Bus) * Plan.BusStep);

    /// <summary>Voltage between IN+ and IN-, signed; null where the chip does not show it.</summary>
    public Volts? ReadShuntVoltage() => map.Shunt is { } field ? new Volts(Registers.Read(field) * Plan.ShuntStep) : null;

    /// <summary>Current through the shunt, signed.</summary>
    public Amperes ReadCurrent() => new(Registers.Read(map.Current) * Plan.CurrentStep);

    /// <summary>Power, with the sign of the current.</summary>
    public Watts ReadPower()
    {
        var current = Registers.Read(map.Current);
        return new Watts(Signed(Registers.Read(map.Power), current) * Plan.PowerStep);
    }

    /// <summary>Temperature of the die, degrees Celsius; null where the chip has no thermometer.</summary>
    public double? ReadTemperature() => map.Temperature is { } field ? Registers.Read(field) * Plan.TemperatureStep : null;

    /// <inheritdoc/>
    protected override Conversion Look(bool withEnergy, bool always, Span<TraceCode> codes)
    {
        var status = (int)Registers.Read(map.Status);
        var ready = map.Ready == 0 || (status & map.Ready) != 0;
        if (!ready && !always)
            return default;
        return Take(ready, status, withEnergy, codes);
    }

    /// <summary>Reads power, current and energy, and whether the settings still hold.</summary>
    protected Conversion Take(bool ready, int status, bool withEnergy, Span<TraceCode> codes)
    {
        // Current first: in an INA219 reading the power clears the flag.
        var current = Registers.Read(map.Current);
        var power = Registers.Read(map.Power);
        // Afterwards: a chip that lost its supply answers as if nothing had happened.
        var lost = !HoldsSettings();
        if (codes.Length > 0)
            codes[0] = new TraceCode(Signed(power, current), FlagsOf(status, current));
        if (codes.Length > 1 && withEnergy)
            codes[1] = new TraceCode(ReadEnergy(), EnergyFlagsOf(status, current));
        return new Conversion(ready, lost);
    }

    /// <summary>The energy accumulator.</summary>
    protected virtual long ReadEnergy() => map.Energy is { } field ? Registers.Read(field) : 0;

    /// <summary>The bits of the energy accumulator.</summary>
    protected virtual int EnergyBits => 8 * (map.Energy?.Bytes ?? 0);

    /// <inheritdoc/>
    protected override void DiscardConversion()
    {
        Registers.Read(map.Status);
        // The other way to clear the flag.
        Registers.Read(map.Power);
    }

    /// <inheritdoc/>
    protected override void ReadAll(ICollection<MeterReading> readings)
    {
        Span<TraceCode> codes = stackalloc TraceCode[2];
        Look(withEnergy: Plan.EnergyStep is not null, always: true, codes);
        var flags = codes[0].Flags;
        Add(Quantity.ActivePower, codes[0].Code * Plan.PowerStep, Plan.PowerStep, flags);
        Add(Quantity.Voltage, ReadBusVoltage().Value, Plan.BusStep);
        Add(Quantity.Current, ReadCurrent().Value, Plan.CurrentResolution, flags);
        if (ReadShuntVoltage() is { } shunt)
            Add(Quantity.ShuntVoltage, shunt.Value, Plan.Coarseness * Plan.ShuntStep, flags);
        if (ReadTemperature() is { } temperature)
            Add(Quantity.Temperature, temperature, Plan.TemperatureStep);
        if (Plan.EnergyStep is { } energyStep)
            Add(Quantity.EnergyImport, codes[1].Code * energyStep, energyStep, codes[1].Flags);
        if (map.Charge is { } charge)
            Add(Quantity.Charge, Registers.Read(charge) * Plan.ChargeStep, Plan.ChargeStep);

        void Add(Quantity quantity, double value, double step, SampleFlags marks = SampleFlags.None) =>
            readings.Add(Reading(Channel, quantity, value, step, Facts.Accuracy.GetValueOrDefault(quantity), marks));
    }

    /// <inheritdoc/>
    protected override (MeterFacts Facts, IReadOnlyList<TraceDescription> Traces) Describe(MeterFacts facts)
    {
        var volts = Plan.Shunt.BusVoltage?.Value ?? Math.Abs(ReadBusVoltage().Value);
        // A rail that is off says nothing about the rail that will be measured: the whole range errs on the safe side.
        var rail = volts >= 1 ? volts : Chip.BusFullScale;
        // CURRENT x BUS is cut, not rounded: half a step low in the mean.
        var limits = Plan.Accuracy.Limits(Plan.Shunt, rail, Plan.PowerStep / 2, Plan.Compensated);
        var response = ShuntChip.Block(Plan.UpdateSeconds, TellsWhenReady);
        facts = facts with
        {
            Response = response,
            Accuracy = limits.Where(limit => Chip.Quantities.Contains(limit.Key)).ToDictionary(),
            Resolution = Steps().Where(step => Chip.Quantities.Contains(step.Key)).ToDictionary(),
        };
        List<TraceDescription> traces =
            [Trace(Channel, Quantity.ActivePower, new LinearScale(Plan.PowerStep), Plan.PowerStep, response, limits.GetValueOrDefault(Quantity.ActivePower))];
        if (Plan.EnergyStep is { } step)
        {
            var energy = Trace(Channel, Quantity.EnergyImport, new LinearScale(step), step, response, limits.GetValueOrDefault(Quantity.EnergyImport));
            traces.Add(energy with { Wrap = step * (1L << EnergyBits) });
        }

        return (facts, traces);
    }

    private Dictionary<Quantity, double> Steps() => new()
    {
        [Quantity.ActivePower] = Plan.PowerStep,
        [Quantity.Voltage] = Plan.BusStep,
        [Quantity.ShuntVoltage] = Plan.Coarseness * Plan.ShuntStep,
        [Quantity.Current] = Plan.CurrentResolution,
        [Quantity.EnergyImport] = Plan.EnergyStep ?? 0,
        [Quantity.Charge] = Plan.ChargeStep,
        [Quantity.Temperature] = Plan.TemperatureStep,
    };

    private static long Signed(long power, long current) => current < 0 ? -power : power;

    private SampleFlags FlagsOf(int status, long current) =>
        (status & map.Overflow) != 0 || Math.Abs(current) >= Plan.CurrentLimit ? SampleFlags.Overflow : SampleFlags.None;

    // The register adds |power|: while current flows backwards it counts what it should take off.
    private SampleFlags EnergyFlagsOf(int status, long current) =>
        ((status & map.EnergyOverflow) != 0 ? SampleFlags.CounterReset : SampleFlags.None)
        | (current < 0 ? SampleFlags.Implausible : SampleFlags.None);
}
