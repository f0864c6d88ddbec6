using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.I2c.Ina228;

/// <summary>
/// Texas Instruments INA228, 20-bit shunt, power, energy and charge monitor (SLYS021A). Power is taken from the chip's POWER register:
/// its voltage and current belong to one conversion, which two registers read one after the other need not, and its step is far
/// below the noise. It has no sign; CURRENT has.
/// </summary>
internal sealed class Ina228Meter : ShuntMonitor
{
    private readonly Ina228Settings _settings;

    private Ina228Meter(
        MeterUri uri, string name, MeterEnvironment environment, I2cRegisters registers, ShuntSettings shunt, Ina228Settings settings)
        : base(Model, uri, name, environment, registers, shunt) => _settings = settings;

    /// <summary>The data sheet. The bus voltage's offset is not in our sources; the limit of the INA238 on the same die stands for it.</summary>
    internal static ShuntChip Model { get; } = new()
    {
        Model = "ina228",
        ManufacturerRegister = Ina228Register.ManufacturerId,
        DieRegister = Ina228Register.DeviceId,
        Die = 0x228,
        BusFullScale = 85,
        Conversions = Ina228Settings.Conversions,
        Accuracy = new ShuntAccuracy(ShuntOffset: 1e-6, ShuntGain: 0.0005, BusOffset: 5e-3, BusGain: 0.0005, TimeBase: 0.005),
        DefaultUpdateSeconds = 16 * (2 * 280 + 50) * 1e-6,
        Quantities =
        [
            Quantity.ActivePower, Quantity.Voltage, Quantity.Current, Quantity.ShuntVoltage, Quantity.EnergyImport, Quantity.Charge,
            Quantity.Temperature,
        ],
        Source = "TI SLYS021A, INA228 data sheet",
    };

    /// <summary>
    /// Works out the settings before any bus is touched, and returns what makes a meter of an opened chip. Throws
    /// <see cref="Measurement.ConfigurationException"/> where the chip cannot serve this shunt and current.
    /// </summary>
    internal static Func<I2cRegisters, Ina228Meter> Prepare(MeterUri uri, string name, MeterEnvironment environment)
    {
        var shunt = ShuntSettings.FromUri(uri, Model.Conversions);
        var settings = Ina228Settings.For(shunt, uri);
        return registers => new Ina228Meter(uri, name, environment, registers, shunt, settings);
    }

    /// <summary>The facts behind the shunt of an address, without the chip at hand.</summary>
    internal static MeterFacts FactsOf(MeterUri uri)
    {
        var shunt = ShuntSettings.FromUri(uri, Model.Conversions);
        var settings = Ina228Settings.For(shunt, uri);
        return Model.FactsBehind(shunt, uri, settings.UpdatePeriodSeconds, settings.PowerStep, settings.EnergyStep);
    }

    /// <inheritdoc/>
    protected override double UpdatePeriodSeconds => _settings.UpdatePeriodSeconds;

    /// <inheritdoc/>
    // The oscillator keeps 0.5 %.
    protected override double SlowestClock => 1.01;

    /// <inheritdoc/>
    internal override double PowerStep => _settings.PowerStep;

    /// <inheritdoc/>
    internal override double? EnergyStep => _settings.EnergyStep;

    /// <inheritdoc/>
    protected override double PowerTruncation => _settings.PowerStep / 2;

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<Quantity, double> Steps => new Dictionary<Quantity, double>
    {
        [Quantity.Voltage] = Ina228Settings.BusVoltageStep,
        [Quantity.ShuntVoltage] = _settings.ShuntVoltageStep,
        [Quantity.Current] = Math.Max(_settings.CurrentStep, _settings.ShuntVoltageStep / Shunt.Shunt.Value),
        [Quantity.EnergyImport] = _settings.EnergyStep,
        [Quantity.Charge] = _settings.CurrentStep,
        [Quantity.Temperature] = Ina228Settings.TemperatureStep,
    };

    /// <inheritdoc/>
    public override Volts ReadBusVoltage() => new(Registers.ReadUInt20(Ina228Register.BusVoltage) * Ina228Settings.BusVoltageStep);

    /// <summary>Voltage between IN+ and IN-, signed.</summary>
    public Volts ReadShuntVoltage() => new(Registers.ReadInt20(Ina228Register.ShuntVoltage) * _settings.ShuntVoltageStep);

    /// <summary>Current through the shunt, signed.</summary>
    public Amperes ReadCurrent() => new(Registers.ReadInt20(Ina228Register.Current) * _settings.CurrentStep);

    /// <summary>Temperature of the die, degrees Celsius.</summary>
    public double ReadTemperature() => Registers.ReadInt16(Ina228Register.DieTemperature) * Ina228Settings.TemperatureStep;

    /// <inheritdoc/>
    protected override bool Configure()
    {
        var scaled = Registers.ReadUInt16(Ina228Register.ShuntCalibration) == _settings.Calibration
            && Registers.ReadUInt16(Ina228Register.Configuration) == _settings.Configuration;
        if (scaled && Registers.ReadUInt16(Ina228Register.AdcConfiguration) == _settings.AdcConfiguration)
            return false;
        WriteChecked(Ina228Register.ShuntCalibration, _settings.Calibration);
        // What was accumulated in other steps means nothing in the new ones.
        if (!scaled)
            WriteChecked(Ina228Register.Configuration, (ushort)(_settings.Configuration | Ina228Register.ResetAccumulators), 0x3FFF);
        WriteChecked(Ina228Register.AdcConfiguration, _settings.AdcConfiguration);
        // A conversion that ended before this moment does not count.
        Registers.ReadUInt16(Ina228Register.Diagnostics);
        return true;
    }

    /// <inheritdoc/>
    protected override ShuntConversion Look(bool withEnergy, bool always)
    {
        var diagnostics = Registers.ReadUInt16(Ina228Register.Diagnostics);
        var ready = (diagnostics & Ina228Register.ConversionReady) != 0;
        if (!ready && !always)
            return default;
        var power = Registers.ReadUInt24(Ina228Register.Power);
        var current = Registers.ReadInt20(Ina228Register.Current);
        var energy = withEnergy ? Registers.ReadUInt40(Ina228Register.Energy) : 0;
        // After a loss of supply SHUNT_CAL stands at its reset value, which is never ours.
        var lost = Registers.ReadUInt16(Ina228Register.ShuntCalibration) != _settings.Calibration;
        return new ShuntConversion(
            ready, lost, current < 0 ? -(long)power : power, (long)energy, FlagsOf(diagnostics, current), EnergyFlagsOf(diagnostics, current));
    }

    /// <inheritdoc/>
    protected override void ReadAll(ICollection<MeterReading> readings)
    {
        var found = Look(withEnergy: true, always: true);
        readings.Add(Reading(Quantity.ActivePower, found.Power * PowerStep, PowerStep, found.Flags));
        readings.Add(Reading(Quantity.Voltage, ReadBusVoltage().Value, Ina228Settings.BusVoltageStep));
        readings.Add(Reading(Quantity.Current, ReadCurrent().Value, Steps[Quantity.Current], found.Flags));
        readings.Add(Reading(Quantity.ShuntVoltage, ReadShuntVoltage().Value, _settings.ShuntVoltageStep, found.Flags));
        readings.Add(Reading(Quantity.Temperature, ReadTemperature(), Ina228Settings.TemperatureStep));
        readings.Add(Reading(Quantity.EnergyImport, found.Energy * _settings.EnergyStep, _settings.EnergyStep, found.EnergyFlags));
        readings.Add(Reading(
            Quantity.Charge, Registers.ReadInt40(Ina228Register.Charge) * _settings.CurrentStep, _settings.CurrentStep));
    }

    private SampleFlags FlagsOf(int diagnostics, int current) =>
        (diagnostics & Ina228Register.MathOverflow) != 0 || Math.Abs(current) >= _settings.CurrentAtFullScale ? SampleFlags.Overflow : SampleFlags.None;

    // The register adds |power|: while current flows backwards it counts what it should take off.
    private static SampleFlags EnergyFlagsOf(int diagnostics, int current) =>
        ((diagnostics & Ina228Register.EnergyOverflow) != 0 ? SampleFlags.CounterReset : SampleFlags.None)
        | (current < 0 ? SampleFlags.Implausible : SampleFlags.None);
}
