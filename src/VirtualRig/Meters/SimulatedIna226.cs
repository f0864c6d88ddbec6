using System.Buffers.Binary;

using MeterLab.Measurement.Clocks;
using MeterLab.VirtualRig.Wires;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Meters;

/// <summary>
/// An INA226 as its data sheet describes it (TI SBOS547B): shunt and bus are averaged over AVG x (VBUSCT + VSHCT), current and power are
/// computed by the chip from the calibration register, CVRF tells of a new result. Registers only; see <see cref="SimulatedI2cBus"/>.
/// </summary>
internal sealed class SimulatedIna226(IHostClock clock, IRail rail, ShuntSpecimen specimen) : IRegisterChip
{
    private const double ShuntStep = 2.5e-6;
    private const double BusStep = 1.25e-3;
    private const ushort DefaultConfiguration = 0x4127;
    private static readonly int[] ConversionUs = [140, 204, 332, 588, 1100, 2116, 4156, 8244];
    private static readonly int[] Averages = [1, 4, 16, 64, 128, 256, 512, 1024];
    private readonly Lock _lock = new();
    private readonly ConversionCycle _cycle = new();
    private readonly ulong _noise = Noise.Seed(specimen.Seed, "ina226");
    private ushort _configuration;
    private ushort _calibration;
    private ushort _mask;
    private ushort _alert;
    private short _shunt;
    private ushort _bus;
    private bool _started;
    private long _seen;
    private long _done;

    /// <inheritdoc/>
    public void Read(byte register, Span<byte> bytes)
    {
        lock (_lock)
        {
            Convert();
            Span<byte> two = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(two, Value(register));
            bytes.Fill(0xFF);
            two[..Math.Min(2, bytes.Length)].CopyTo(bytes);
        }
    }

    /// <inheritdoc/>
    public void Write(byte register, ushort value)
    {
        lock (_lock)
        {
            Convert();
            switch (register)
            {
                case 0x00 when (value & 0x8000) != 0:
                    Reset();
                    break;
                case 0x00:
                    // Bits 14 to 12 are fixed.
                    _configuration = (ushort)((value & 0x0FFF) | 0x4000);
                    Restart();
                    break;
                case 0x05:
                    _calibration = (ushort)(value & 0x7FFF);
                    break;
                case 0x06:
                    _mask = (ushort)(value & 0xFC03);
                    break;
                case 0x07:
                    _alert = value;
                    break;
            }
        }
    }

    /// <summary>Power was lost and came back: everything is as after switching on.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            (_configuration, _calibration, _mask, _alert) = (DefaultConfiguration, 0, 0, 0);
            (_shunt, _bus, _started) = (0, 0, true);
            Restart();
        }
    }

    private int Mode => _configuration & 7;

    private bool HasShunt => (Mode & 1) != 0;

    private bool HasBus => (Mode & 2) != 0;

    /// <summary>CURRENT = SHUNT x CAL / 2048.</summary>
    private int Current => _shunt * _calibration / 2048;

    /// <summary>POWER = CURRENT x BUS / 20000; unsigned, whatever the current's sign.</summary>
    private long Power => Math.Abs((long)Current) * _bus / 20000;

    private ushort Value(byte register) => register switch
    {
        0x00 => _configuration,
        0x01 => (ushort)_shunt,
        0x02 => _bus,
        0x03 => (ushort)Math.Min(Power, ushort.MaxValue),
        0x04 => (ushort)(short)Math.Clamp(Current, short.MinValue, short.MaxValue),
        0x05 => _calibration,
        0x06 => ReadMask(),
        0x07 => _alert,
        0xFE => 0x5449,
        0xFF => 0x2260,
        _ => 0xFFFF,
    };

    private ushort ReadMask()
    {
        var ready = _done > _seen ? 1 << 3 : 0;
        _seen = _done;
        var overflow = Current is > short.MaxValue or < short.MinValue || Power > ushort.MaxValue ? 1 << 2 : 0;
        return (ushort)(_mask | ready | overflow);
    }

    private void Restart()
    {
        var each = (HasShunt ? ConversionUs[(_configuration >> 3) & 7] : 0) + (HasBus ? ConversionUs[(_configuration >> 6) & 7] : 0);
        var nominalUs = (double)each * Averages[(_configuration >> 9) & 7];
        _cycle.Restart(clock.MonotonicNs, nominalUs * 1000 / (1 + specimen.OscillatorError), Mode > 4);
        (_seen, _done) = (0, 0);
    }

    /// <summary>Brings the results up to the last cycle that ended.</summary>
    private void Convert()
    {
        if (!_started)
            Reset();
        var done = _cycle.Completed(clock.MonotonicNs);
        if (done == _done)
            return;
        _done = done;
        var end = _cycle.EndOf(done);
        var mean = rail.Mean(_cycle.EndOf(done - 1), end);
        if (HasShunt)
        {
            var volts = mean.Amperes * specimen.ShuntOhms * specimen.ShuntGain + specimen.ShuntOffsetVolts;
            var steps = volts / ShuntStep + specimen.NoiseSteps * Noise.Normal(_noise, end);
            _shunt = (short)Math.Clamp(Math.Round(steps), short.MinValue, short.MaxValue);
        }

        if (HasBus)
        {
            var steps = (mean.Volts * specimen.BusGain + specimen.BusOffsetVolts) / BusStep;
            _bus = (ushort)Math.Clamp(Math.Round(steps), 0, short.MaxValue);
        }
    }
}
