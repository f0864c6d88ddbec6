using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// What the shunt monitors have in common: identity, settings that are written only where they differ and always read back, one
/// sample a conversion, and the watch for a chip that has lost its supply. A chip's own class knows its registers.
/// </summary>
internal abstract partial class ShuntMonitor : IMeter
{
    /// <summary>The one channel of a single-channel chip.</summary>
    protected const string Channel = "ch1";

    private readonly MeterEnvironment _environment;
    private readonly string _name;
    private bool _fresh;

    /// <summary>Takes an opened chip; nothing is asked of it yet.</summary>
    protected ShuntMonitor(ShuntChip chip, MeterUri uri, string name, MeterEnvironment environment, I2cRegisters registers, ShuntSettings shunt)
    {
        Chip = chip;
        Uri = uri;
        _name = name;
        _environment = environment;
        Registers = registers;
        Shunt = shunt;
        Facts = chip.Facts();
    }

    /// <inheritdoc/>
    public MeterUri Uri { get; }

    /// <inheritdoc/>
    public MeterFacts Facts { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<TraceDescription> Traces { get; private set; } = [];

    /// <inheritdoc/>
    public AcquisitionStatistics Statistics { get; } = new();

    /// <summary>The model.</summary>
    protected ShuntChip Chip { get; }

    /// <summary>The chip's registers.</summary>
    protected I2cRegisters Registers { get; }

    /// <summary>The shunt and the converter's settings.</summary>
    protected ShuntSettings Shunt { get; }

    /// <summary>Typical time between two results with the settings in force, s.</summary>
    protected abstract double UpdatePeriodSeconds { get; }

    /// <summary>The longest that it may take, as a factor of the typical time.</summary>
    protected abstract double SlowestClock { get; }

    /// <summary>The watts of one step of the power code.</summary>
    internal abstract double PowerStep { get; }

    /// <summary>The joules of one step of the energy register; null where the chip has none.</summary>
    internal abstract double? EnergyStep { get; }

    /// <summary>What the chip's multiplication may cut off a power, W, beyond the even rounding of a step.</summary>
    protected abstract double PowerTruncation { get; }

    /// <summary>The smallest steps of the other quantities.</summary>
    protected abstract IReadOnlyDictionary<Quantity, double> Steps { get; }

    /// <summary>Writes what differs from the settings, reads everything back. True where something was written.</summary>
    protected abstract bool Configure();

    /// <summary>Looks for a new conversion and takes it; with <paramref name="always"/> takes what there is.</summary>
    protected abstract ShuntConversion Look(bool withEnergy, bool always);

    /// <summary>Bus voltage.</summary>
    public abstract Volts ReadBusVoltage();

    /// <summary>All quantities of the last conversion.</summary>
    protected abstract void ReadAll(ICollection<MeterReading> readings);

    /// <summary>Identifies and configures the chip, waits for its first conversion, and works out its limits of error.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        await IdentifyAsync(cancellationToken).ConfigureAwait(false);
        Apply();
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        var volts = Shunt.BusVoltage?.Value ?? Math.Abs(ReadBusVoltage().Value);
        // A rail that is off says nothing about the rail that will be measured: the whole range errs on the safe side.
        var limits = Chip.Accuracy.Limits(Shunt, volts >= 1 ? volts : Chip.BusFullScale, PowerTruncation);
        var period = UpdatePeriodSeconds;
        Facts = Chip.Facts() with
        {
            Response = new MeterResponse(period, period, 0),
            AccuracyLacks = null,
            Accuracy = limits.Where(limit => Chip.Quantities.Contains(limit.Key)).ToDictionary(),
            Resolution = new Dictionary<Quantity, double>(Steps) { [Quantity.ActivePower] = PowerStep },
        };
        List<TraceDescription> traces = [Describe(Quantity.ActivePower, PowerStep, limits, null)];
        if (EnergyStep is { } step)
            traces.Add(Describe(Quantity.EnergyImport, step, limits, step * (1L << 40)));
        Traces = traces;
    }

    /// <inheritdoc/>
    public Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var maker = Registers.ReadUInt16(Chip.ManufacturerRegister);
        var die = Registers.ReadUInt16(Chip.DieRegister);
        if (maker != ShuntChip.TexasInstruments || die >> 4 != Chip.Die)
        {
            throw new MeterException(
                MeterFailure.WrongDevice,
                $"{Uri}: the chip is no {Chip.Model}: manufacturer 0x{maker:X4}, die 0x{die:X4}, where 0x{ShuntChip.TexasInstruments:X4} and 0x{Chip.Die:X3}x belong. "
                + "Check the address and the model.");
        }

        return Task.FromResult(new MeterIdentity(Facts.Vendor, Chip.Model, null, $"die revision {die & 0xF}"));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MeterReading>> ReadAsync(CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        Statistics.CountExchange();
        List<MeterReading> readings = [];
        ReadAll(readings);
        return readings;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Registers.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A reading with the uncertainty of the data sheet's limit and of one step.</summary>
    protected MeterReading Reading(Quantity quantity, double value, double step, SampleFlags flags = SampleFlags.None)
    {
        // A value at the end of a scale says only that the true one lies beyond.
        if ((flags & SampleFlags.Overflow) != 0)
            return new MeterReading(Channel, quantity, null, null, flags);
        double? uncertainty = Facts.Accuracy.TryGetValue(quantity, out var limit)
            ? Math.Sqrt(Math.Pow(limit.StandardUncertainty(value), 2) + step * step / 12)
            : null;
        return new MeterReading(Channel, quantity, value, uncertainty, flags);
    }

    /// <summary>Reads a register back after writing it; what does not stick is refused.</summary>
    protected void WriteChecked(byte register, ushort value, ushort readBackMask = 0xFFFF)
    {
        Registers.Write(register, value);
        var found = Registers.ReadUInt16(register);
        if ((found & readBackMask) != (value & readBackMask))
        {
            throw new MeterException(
                MeterFailure.Refused, $"{Uri}: register 0x{register:x2} reads 0x{found:X4} after 0x{value:X4} was written. Is the supply stable, and nobody else writing?");
        }
    }

    private IHostClock Clock => _environment.Clock;

    /// <summary>Twice a conversion, so that each is seen once; timers are no finer than a millisecond.</summary>
    private TimeSpan DefaultInterval => TimeSpan.FromSeconds(Math.Max(1e-3, UpdatePeriodSeconds / 2));

    private bool Apply()
    {
        var written = Configure();
        _fresh &= !written;
        return written;
    }

    /// <summary>Waits until a conversion made with today's settings can be read.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var slowest = UpdatePeriodSeconds * SlowestClock;
        var step = TimeSpan.FromSeconds(Math.Max(1e-3, slowest / 4));
        var end = Clock.MonotonicNs + (long)((3 * slowest + 0.1) * 1e9);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var found = Look(withEnergy: false, always: true);
            if (found.SettingsLost)
                Apply();
            else if (found.Ready || _fresh)
                break;
            if (Clock.MonotonicNs >= end)
                throw NoConversion();
            await Task.Delay(step, _environment.Time, cancellationToken).ConfigureAwait(false);
        }

        _fresh = true;
    }

    private MeterException NoConversion() => new(
        MeterFailure.Protocol, $"{Uri}: the chip answers but converts nothing. Is it held in power-down by another program?");

    private TraceDescription Describe(
        Quantity quantity, double step, IReadOnlyDictionary<Quantity, AccuracyLimit> limits, double? wrap) => new()
    {
        Channel = new ChannelId(_name, Channel),
        Quantity = quantity,
        Scale = new LinearScale(step),
        IntervalSeconds = DefaultInterval.TotalSeconds,
        Response = Facts.Response,
        Accuracy = limits[quantity],
        Resolution = step,
        Wrap = wrap,
    };
}
