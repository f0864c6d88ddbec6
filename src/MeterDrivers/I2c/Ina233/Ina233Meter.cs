using System.Text;

using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.I2c.Ina226;

namespace MeterLab.MeterDrivers.I2c.Ina233;

/// <summary>
/// Texas Instruments INA233 (SBOS790): an INA226's converter behind PMBus commands, words least significant byte first. Its energy block
/// counts samples, so that a new conversion shows as another count, and one that was missed as a step of two.
/// </summary>
internal sealed class Ina233Meter : RegisterMonitor
{
    private const byte ReadEnergyBlock = 0x86;
    private const byte ClearEnergy = 0xD6;
    private const byte ManufacturerId = 0x99;
    private const byte ManufacturerModel = 0x9A;
    private const byte AdcConfiguration = 0xD0;
    private const byte Calibration = 0xD4;
    private const int EnergyBlockLength = 6;
    private const int SampleCountMask = 0xFFFFFF;
    private const string Model = "ina233";

    private static readonly ChipMap Map = new()
    {
        Shunt = new ChipField(0xD1, Signed: true),
        Bus = new ChipField(0x88),
        Current = new ChipField(0x89, Signed: true),
        Power = new ChipField(0x97),
        // Not read: the energy block tells.
        Status = new ChipField(AdcConfiguration),
        Ready = 1,
    };

    private int? _samples;
    private long _energy;

    private Ina233Meter(ShuntPlan plan, MeterUri uri, MeterContext context, I2cRegisters registers)
        : base(Chip, Map, plan, uri, context, registers)
    {
    }

    /// <summary>The data sheet.</summary>
    internal static new ShuntChip Chip { get; } = new()
    {
        Model = Model,
        Identity = new ChipIdentity(),
        BusFullScale = 36,
        Quantities = [Quantity.ActivePower, Quantity.Voltage, Quantity.Current, Quantity.ShuntVoltage, Quantity.EnergyImport],
        Source = "TI SBOS790, INA233 data sheet, and Linux drivers/hwmon/pmbus/ina233.c; the energy counter counts samples of power, each of a conversion's typical time",
        FactsMark = 1,
        Response = ShuntChip.Block(Ina226Family.Seconds(new ConversionSettings(ConversionTable.Ina226.DefaultAverage, 2, 2, 0))),
        Options = ShuntSettings.ShuntOptions,
        LittleEndian = true,
        Prepare = (uri, context) =>
        {
            var plan = Prepare(uri);
            return registers => new Ina233Meter(plan, uri, context, registers);
        },
    };

    /// <inheritdoc/>
    protected override int EnergyBits => 24;

    /// <inheritdoc/>
    protected override MeterIdentity Identify()
    {
        var (maker, model) = (Text(ManufacturerId, "TI".Length), Text(ManufacturerModel, "INA233".Length));
        if ((maker, model) != ("TI", "INA233"))
            throw WrongChip($"manufacturer '{maker}', model '{model}', where 'TI' and 'INA233' belong");
        return new MeterIdentity(Facts.Vendor, Model);
    }

    /// <inheritdoc/>
    protected override Conversion Look(bool withEnergy, bool always, Span<TraceCode> codes)
    {
        var count = ReadSamples();
        var ended = _samples is { } before ? (count - before) & SampleCountMask : 1;
        if (ended == 0 && !always)
            return default;
        _samples = count;
        return Take(ended > 0, 0, withEnergy, codes) with { Missed = Math.Max(0, ended - 1) };
    }

    /// <inheritdoc/>
    protected override long ReadEnergy() => _energy;

    /// <inheritdoc/>
    protected override void DiscardConversion()
    {
        // What was accumulated in other steps means nothing in the new ones.
        Registers.Send(ClearEnergy);
        _samples = ReadSamples();
    }

    private static ShuntPlan Prepare(MeterUri uri)
    {
        var shunt = ShuntSettings.External(uri);
        var conversions = ConversionTable.Ina226.Read(uri);
        ShuntCalibration.CheckFits(uri, shunt, short.MaxValue * Ina226Family.ShuntStep, "at most");
        var calibration = ShuntCalibration.Multiplying(uri, shunt, Ina226Family.ShuntStep, Ina226Family.Divisor, Ina226Family.LargestCalibration);
        var powerStep = Ina226Family.PowerRatio * calibration.CurrentStep;
        return new ShuntPlan
        {
            Shunt = shunt,
            Accuracy = new ShuntAccuracy(),
            Registers =
            [
                new RegisterSetting(Calibration, calibration.Register, 0x7FFF),
                new RegisterSetting(AdcConfiguration, (ushort)(0x4000 | Ina226Family.Conversions(conversions)), 0x0FFF),
            ],
            ShuntStep = Ina226Family.ShuntStep,
            BusStep = Ina226Family.BusStep,
            CurrentStep = calibration.CurrentStep,
            PowerStep = powerStep,
            EnergyStep = powerStep * Ina226Family.Seconds(conversions),
            CurrentLimit = calibration.MultiplyingLimit(short.MaxValue, Ina226Family.Divisor),
            UpdateSeconds = Ina226Family.Seconds(conversions),
            SlowestClock = Ina226Family.SlowestClock,
        };
    }

    /// <summary>Accumulator (16 bits), how often it rolled over (8), and samples (24): all of one moment.</summary>
    private int ReadSamples()
    {
        Span<byte> block = stackalloc byte[EnergyBlockLength];
        if (Registers.ReadBlock(ReadEnergyBlock, block) != EnergyBlockLength)
            throw new MeterException(MeterFailure.Protocol, $"{Uri}: the energy block is not {EnergyBlockLength} bytes long. Check the model.");
        _energy = block[0] | block[1] << 8 | block[2] << 16;
        return block[3] | block[4] << 8 | block[5] << 16;
    }

    private string Text(byte command, int length)
    {
        Span<byte> block = stackalloc byte[length];
        return Encoding.ASCII.GetString(block[..Registers.ReadBlock(command, block)]);
    }
}
