using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Settings;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// What the shunt monitors have in common: identity, settings that are written only where they differ and always read back, one
/// sample a conversion, and the watch for a chip that has lost its supply. A derived class knows where results lie.
/// </summary>
internal abstract partial class ShuntMonitor : IMeterSettings
{
    // With a quarter of a conversion between two looks the end of each is known to an eighth, and no spacing looks like a gap.
    private const double LooksPerConversion = 4;

    private readonly MeterContext _context;
    private readonly IReadOnlyList<RegisterSetting> _settings;
    private readonly ConversionTracker _conversions = new();
    private TraceCode[] _codes = [];
    private int _checked;
    private bool _fresh;

    /// <summary>Takes an opened chip; nothing is asked of it yet.</summary>
    protected ShuntMonitor(ShuntChip chip, MeterUri uri, MeterContext context, I2cRegisters registers, IReadOnlyList<RegisterSetting> settings)
    {
        Chip = chip;
        Uri = uri;
        _context = context;
        Registers = registers;
        _settings = settings;
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

    /// <summary>Typical time between two results with the settings in force, s.</summary>
    protected abstract double UpdateSeconds { get; }

    /// <summary>The longest that it may take, as a factor of the typical time.</summary>
    protected abstract double SlowestClock { get; }

    /// <summary>Whether the chip tells when a conversion ended.</summary>
    protected virtual bool TellsWhenReady => true;

    /// <summary>Looks for a new conversion and fills in a code a trace; with <paramref name="always"/> takes what there is.</summary>
    protected abstract Conversion Look(bool withEnergy, bool always, Span<TraceCode> codes);

    /// <summary>After the settings were written: results that began before count no more.</summary>
    protected abstract void DiscardConversion();

    /// <summary>All quantities of the last conversion.</summary>
    protected abstract void ReadAll(ICollection<MeterReading> readings);

    /// <summary>With the first conversion at hand: limits of error, steps, and what can be recorded.</summary>
    protected abstract (MeterFacts Facts, IReadOnlyList<TraceDescription> Traces) Describe(MeterFacts facts);

    /// <summary>Identifies and configures the chip, waits for its first conversion, and works out its limits of error.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        await IdentifyAsync(cancellationToken).ConfigureAwait(false);
        if (Uri.Option(ChipProbe.Option) == ChipProbe.Reset)
            ChipProbe.ResetAndCheck(Registers, Uri);
        Apply();
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        (Facts, Traces) = Describe(Chip.Facts() with { AccuracyLacks = null });
        _codes = new TraceCode[Traces.Count];
    }

    /// <summary>The facts behind the shunt of the address, without asking the chip: the address says the rail's voltage.</summary>
    internal MeterFacts FactsBehindShunt() => Describe(Chip.Facts() with { AccuracyLacks = null }).Facts;

    /// <inheritdoc/>
    public Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Identify());
    }

    /// <summary>Asks the chip what it is, by reading alone.</summary>
    protected virtual MeterIdentity Identify()
    {
        var (problem, certain, revision) = Chip.Identity.Check(Registers);
        return problem is null
            ? new MeterIdentity(Facts.Vendor, certain ? Chip.Model : null, null, revision is { } number ? $"die revision {number}" : null)
            : throw WrongChip(problem);
    }

    /// <summary>The failure to throw about a stranger.</summary>
    protected MeterException WrongChip(string found) =>
        new(MeterFailure.WrongDevice, $"{Uri}: the chip is no {Chip.Model}: {found}. Check the address and the model.");

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
    protected static MeterReading Reading(
        string channel, Quantity quantity, double value, double step, AccuracyLimit? limit, SampleFlags flags = SampleFlags.None) =>
        // A value at the end of a scale says only that the true one lies beyond.
        new(channel, quantity, (flags & SampleFlags.Overflow) != 0 ? null : value, limit, flags) { Step = step };

    /// <summary>A trace of this meter. Where the chip tells of its conversions, a sample is one, and there is no beat of polls in it.</summary>
    protected TraceDescription Trace(
        string channel, Quantity quantity, RawScale scale, double resolution, MeterResponse response, AccuracyLimit? accuracy) => new()
        {
            Channel = new ChannelId(_context.Name, channel),
            Quantity = quantity,
            Scale = scale,
            IntervalSeconds = TellsWhenReady ? 0 : LookInterval.TotalSeconds,
            Response = response,
            Accuracy = accuracy,
            Resolution = resolution,
        };

    /// <summary>False where a register does not hold what it should: the first each time, because a lost supply shows there; of the others one a look.</summary>
    protected bool HoldsSettings()
    {
        if (!Holds(_settings[0]))
            return false;
        if (_settings.Count == 1)
            return true;
        _checked = _checked % (_settings.Count - 1) + 1;
        return Holds(_settings[_checked]);
    }

    private IHostClock Clock => _context.Environment.Clock;

    /// <summary>So many looks a conversion; timers are no finer than a millisecond.</summary>
    private TimeSpan LookInterval => TimeSpan.FromSeconds(Math.Max(1e-3, UpdateSeconds / LooksPerConversion));

    private bool Holds(RegisterSetting setting) => ((Registers.ReadUInt16(setting.Register) ^ setting.Value) & setting.Mask) == 0;

    /// <summary>Writes the first register that differs and those after it, and reads them back. True where something was written.</summary>
    private bool Apply()
    {
        var written = false;
        foreach (var setting in _settings)
        {
            if (!written && Holds(setting))
                continue;
            written = true;
            Registers.Write(setting.Register, (ushort)(setting.Value | setting.AlsoWrite));
            var found = Registers.ReadUInt16(setting.Register);
            if (((found ^ setting.Value) & setting.Mask) != 0)
            {
                throw new MeterException(
                    MeterFailure.Refused,
                    $"{Uri}: register 0x{setting.Register:x2} reads 0x{found:X4} after 0x{setting.Value:X4} was written. Is the supply stable, and nobody else writing?");
            }
        }

        if (written)
        {
            DiscardConversion();
            _fresh = false;
        }

        return written;
    }

    /// <summary>Waits until a conversion made with today's settings can be read.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var slowest = UpdateSeconds * SlowestClock;
        var step = TimeSpan.FromSeconds(Math.Max(1e-3, slowest / 4));
        var begin = Clock.MonotonicNs;
        var end = begin + (long)((3 * slowest + 0.1) * 1e9);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var found = Look(withEnergy: false, always: true, []);
            if (found.SettingsLost)
                Apply();
            else if (_fresh || (found.Ready && (TellsWhenReady || Clock.MonotonicNs - begin > slowest * 1e9)))
                break;
            if (Clock.MonotonicNs >= end)
                throw NoConversion();
            await Task.Delay(step, _context.Environment.Time, cancellationToken).ConfigureAwait(false);
        }

        _fresh = true;
    }

    private MeterException NoConversion() => new(
        MeterFailure.Protocol, $"{Uri}: the chip answers but converts nothing. Is it held in power-down by another program?");
}
