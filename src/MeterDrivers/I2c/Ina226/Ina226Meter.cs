using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.I2c.Ina226;

/// <summary>
/// Texas Instruments INA226, 16-bit shunt and power monitor (SBOS547). Power is taken from the chip's POWER register, which averages
/// the products of simultaneous pairs (the product of two averages would miss how a rail sags under load), with the sign of CURRENT.
/// </summary>
internal sealed class Ina226Meter : ShuntMonitor
{
    // Reserved bits 14 to 12 of the configuration read as the chip likes.
    private const ushort ConfigurationMask = 0x0FFF;

    private readonly Ina226Settings _settings;

    private Ina226Meter(
        MeterUri uri, string name, MeterEnvironment environment, I2cRegisters registers, ShuntSettings shunt, Ina226Settings settings)
        : base(Model, uri, name, environment, registers, shunt) => _settings = settings;

    /// <summary>The data sheet.</summary>
    internal static ShuntChip Model { get; } = new()
    {
        Model = "ina226",
        ManufacturerRegister = Ina226Register.ManufacturerId,
        DieRegister = Ina226Register.DieId,
        Die = 0x226,
        BusFullScale = 36,
        Conversions = Ina226Settings.Conversions,
        Accuracy = new ShuntAccuracy(ShuntOffset: 10e-6, ShuntGain: 0.001, BusOffset: 7.5e-3, BusGain: 0.001, TimeBase: 0),
        DefaultUpdateSeconds = 16 * 2 * 332e-6,
        Quantities = [Quantity.ActivePower, Quantity.Voltage, Quantity.Current, Quantity.ShuntVoltage],
        Source = "TI SBOS547, INA226 data sheet",
    };

    /// <summary>
    /// Works out the settings before any bus is touched, and returns what makes a meter of an opened chip. Throws
    /// <see cref="Measurement.ConfigurationException"/> where the chip cannot serve this shunt and current.
    /// </summary>
    internal static Func<I2cRegisters, Ina226Meter> Prepare(MeterUri uri, string name, MeterEnvironment environment)
    {
        var shunt = ShuntSettings.FromUri(uri, Model.Conversions);
        var settings = Ina226Settings.For(shunt, uri);
        return registers => new Ina226Meter(uri, name, environment, registers, shunt, settings);
    }

    /// <summary>The facts behind the shunt of an address, without the chip at hand.</summary>
    internal static MeterFacts FactsOf(MeterUri uri)
    {
        var shunt = ShuntSettings.FromUri(uri, Model.Conversions);
        var settings = Ina226Settings.For(shunt, uri);
        return Model.FactsBehind(shunt, uri, settings.UpdatePeriodSeconds, settings.PowerStep, null);
    }

    /// <inheritdoc/>
    protected override double UpdatePeriodSeconds => _settings.UpdatePeriodSeconds;

    /// <inheritdoc/>
    // 140 us typical is 154 us at most.
    protected override double SlowestClock => 1.1;

    /// <inheritdoc/>
    internal override double PowerStep => _settings.PowerStep;

    /// <inheritdoc/>
    internal override double? EnergyStep => null;

    /// <inheritdoc/>
    // CURRENT x BUS / 20000 is cut, not rounded: half a step low in the mean.
    protected override double PowerTruncation => _settings.PowerStep / 2;

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<Quantity, double> Steps => new Dictionary<Quantity, double>
    {
        [Quantity.Voltage] = Ina226Settings.BusVoltageStep,
        [Quantity.ShuntVoltage] = Ina226Settings.ShuntVoltageStep,
        [Quantity.Current] = Math.Max(_settings.CurrentStep, Ina226Settings.ShuntVoltageStep / Shunt.Shunt.Value),
    };

    /// <inheritdoc/>
    public override Volts ReadBusVoltage() => new(Registers.ReadUInt16(Ina226Register.BusVoltage) * Ina226Settings.BusVoltageStep);

    /// <summary>Voltage between IN+ and IN-, signed.</summary>
    public Volts ReadShuntVoltage() => new(Registers.ReadInt16(Ina226Register.ShuntVoltage) * Ina226Settings.ShuntVoltageStep);

    /// <summary>Current through the shunt, signed.</summary>
    public Amperes ReadCurrent() => new(Registers.ReadInt16(Ina226Register.Current) * _settings.CurrentStep);

    /// <inheritdoc/>
    protected override bool Configure()
    {
        var calibrated = Registers.ReadUInt16(Ina226Register.Calibration) == _settings.Calibration;
        var configured = ((Registers.ReadUInt16(Ina226Register.Configuration) ^ _settings.Configuration) & ConfigurationMask) == 0;
        if (calibrated && configured)
            return false;
        WriteChecked(Ina226Register.Calibration, _settings.Calibration);
        // Writing the configuration starts a new conversion and clears CVRF: the next result is all under the new settings.
        WriteChecked(Ina226Register.Configuration, _settings.Configuration, ConfigurationMask);
        return true;
    }

    /// <inheritdoc/>
    protected override ShuntConversion Look(bool withEnergy, bool always)
    {
        var mask = Registers.ReadUInt16(Ina226Register.MaskEnable);
        var ready = (mask & Ina226Register.ConversionReady) != 0;
        if (!ready && !always)
            return default;
        var power = Registers.ReadUInt16(Ina226Register.Power);
        var current = Registers.ReadInt16(Ina226Register.Current);
        // A chip that lost its supply answers as if nothing had happened, with a calibration of 0.
        var lost = Registers.ReadUInt16(Ina226Register.Calibration) != _settings.Calibration;
        return new ShuntConversion(ready, lost, current < 0 ? -power : power, 0, FlagsOf(mask, current), SampleFlags.None);
    }

    /// <inheritdoc/>
    protected override void ReadAll(ICollection<MeterReading> readings)
    {
        var found = Look(withEnergy: false, always: true);
        var current = Registers.ReadInt16(Ina226Register.Current);
        readings.Add(Reading(Quantity.ActivePower, found.Power * PowerStep, PowerStep, found.Flags));
        readings.Add(Reading(Quantity.Voltage, ReadBusVoltage().Value, Ina226Settings.BusVoltageStep));
        readings.Add(Reading(Quantity.Current, current * _settings.CurrentStep, Steps[Quantity.Current], found.Flags));
        readings.Add(Reading(Quantity.ShuntVoltage, ReadShuntVoltage().Value, Ina226Settings.ShuntVoltageStep, found.Flags));
    }

    private SampleFlags FlagsOf(int mask, short current) =>
        (mask & Ina226Register.MathOverflow) != 0 || Math.Abs((int)current) >= _settings.CurrentAtFullScale ? SampleFlags.Overflow : SampleFlags.None;
}
