using MeterLab.Measurement.Clocks;
using MeterLab.VirtualRig.Wires;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Meters;

/// <summary>
/// An INA228 as its data sheet describes it (TI SLYS021A): sequential conversions of bus, shunt and temperature, averaged; 20-bit results;
/// current and power from SHUNT_CAL; 40-bit accumulators of energy and charge on the chip's own time base. Registers only.
/// </summary>
internal sealed class SimulatedIna228(IHostClock clock, IRail rail, ShuntSpecimen specimen) : IRegisterChip
{
    private const long AccumulatorSpan = 1L << 40;
    private const double BusStep = 195.3125e-6;
    private static readonly int[] ConversionUs = [50, 84, 150, 280, 540, 1052, 2074, 4120];
    private static readonly int[] Averages = [1, 4, 16, 64, 128, 256, 512, 1024];
    private readonly Lock _lock = new();
    private readonly ConversionCycle _cycle = new();
    private readonly ulong _noise = Noise.Seed(specimen.Seed, "ina228");
    private readonly ushort[] _plain = new ushort[0x12];
    private int _shunt;
    private int _bus;
    private bool _started;
    private long _seen;
    private long _done;
    private double _energy;
    private double _charge;
    private bool _energyOverflow;
    private bool _chargeOverflow;

    /// <inheritdoc/>
    public void Read(byte register, Span<byte> bytes)
    {
        lock (_lock)
        {
            Convert();
            bytes.Fill(0xFF);
            var width = Width(register);
            var value = Value(register);
            for (var i = 0; i < Math.Min(width, bytes.Length); i++)
                bytes[i] = (byte)(value >> (8 * (width - 1 - i)));
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
                    if ((value & 0x4000) != 0)
                        (_energy, _charge) = (0, 0);
                    _plain[0x00] = (ushort)(value & 0x3FF0);
                    break;
                case 0x01:
                    _plain[0x01] = value;
                    Restart();
                    break;
                case 0x02 or 0x03:
                    _plain[register] = (ushort)(value & (register == 0x02 ? 0x7FFF : 0x3FFF));
                    break;
                case 0x0B:
                    _plain[0x0B] = (ushort)(value & 0xF000);
                    break;
                case >= 0x0C and <= 0x11:
                    _plain[register] = value;
                    break;
            }
        }
    }

    /// <summary>Power was lost and came back: everything is as after switching on, the accumulators at <paramref name="energyCounts"/>.</summary>
    public void Reset(long energyCounts = 0)
    {
        lock (_lock)
        {
            Array.Clear(_plain);
            _plain[0x01] = 0xFB68;
            _plain[0x02] = 0x1000;
            (_plain[0x0C], _plain[0x0D], _plain[0x0E], _plain[0x10], _plain[0x11]) = (0x7FFF, 0x8000, 0x7FFF, 0x7FFF, 0xFFFF);
            (_shunt, _bus, _energy, _charge, _started) = (0, 0, energyCounts, 0, true);
            (_energyOverflow, _chargeOverflow) = (false, false);
            Restart();
        }
    }

    private int Mode => _plain[0x01] >> 12;

    private double ShuntStep => (_plain[0x00] & 0x10) != 0 ? 78.125e-9 : 312.5e-9;

    /// <summary>CURRENT = VSHUNT x 4096 / SHUNT_CAL; 0 without calibration.</summary>
    private long Current => _plain[0x02] == 0 ? 0 : (long)_shunt * 4096 / _plain[0x02];

    /// <summary>POWER = |CURRENT x VBUS| / 16384.</summary>
    private long Power => Math.Abs(Current * _bus) / 16384;

    private static int Width(byte register) => register switch
    {
        0x04 or 0x05 or 0x07 or 0x08 => 3,
        0x09 or 0x0A => 5,
        _ => 2,
    };

    private long Value(byte register)
    {
        switch (register)
        {
            case 0x04:
                return (long)_shunt << 4;
            case 0x05:
                return (long)_bus << 4;
            case 0x06:
                // 31.25 degC at 7.8125 mdegC a step.
                return 4000;
            case 0x07:
                return Math.Clamp(Current, -(1 << 19), (1 << 19) - 1) << 4;
            case 0x08:
                return Math.Min(Power, (1 << 24) - 1);
            case 0x09:
                _energyOverflow = false;
                return (long)_energy;
            case 0x0A:
                _chargeOverflow = false;
                return (long)Math.Floor(_charge);
            case 0x0B:
                return ReadDiagnostics();
            case 0x3E:
                return 0x5449;
            case 0x3F:
                return 0x2281;
            default:
                return register < _plain.Length ? _plain[register] : 0xFFFF;
        }
    }

    private long ReadDiagnostics()
    {
        var flags = _plain[0x0B] | 1;
        flags |= _done > _seen ? 1 << 1 : 0;
        flags |= Power >= 1 << 24 || Current is < -(1 << 19) or >= 1 << 19 ? 1 << 9 : 0;
        flags |= _chargeOverflow ? 1 << 10 : 0;
        flags |= _energyOverflow ? 1 << 11 : 0;
        _seen = _done;
        return flags;
    }

    private void Restart()
    {
        var adc = _plain[0x01];
        var each = ((Mode & 1) != 0 ? ConversionUs[(adc >> 9) & 7] : 0)
            + ((Mode & 2) != 0 ? ConversionUs[(adc >> 6) & 7] : 0)
            + ((Mode & 4) != 0 ? ConversionUs[(adc >> 3) & 7] : 0);
        _cycle.Restart(clock.MonotonicNs, each * 1000.0 * Averages[adc & 7] / (1 + specimen.OscillatorError), Mode > 8);
        (_seen, _done) = (0, 0);
    }

    /// <summary>Brings results and accumulators up to the last cycle that ended.</summary>
    private void Convert()
    {
        if (!_started)
            Reset();
        var done = _cycle.Completed(clock.MonotonicNs);
        if (done == _done)
            return;
        if (Mode > 8)
            Accumulate(_cycle.EndOf(_done), _cycle.EndOf(done));
        _done = done;
        var end = _cycle.EndOf(done);
        var mean = rail.Mean(_cycle.EndOf(done - 1), end);
        if ((Mode & 2) != 0)
            _shunt = (int)Math.Clamp(Math.Round(ShuntSteps(mean) + specimen.NoiseSteps * Noise.Normal(_noise, end)), -(1 << 19), (1 << 19) - 1);
        if ((Mode & 1) != 0)
            _bus = (int)Math.Clamp(Math.Round(BusSteps(mean)), 0, (1 << 19) - 1);
    }

    private double ShuntSteps(in RailMean mean) =>
        (mean.Amperes * specimen.ShuntOhms * specimen.ShuntGain + specimen.ShuntOffsetVolts) / ShuntStep;

    private double BusSteps(in RailMean mean) => (mean.Volts * specimen.BusGain + specimen.BusOffsetVolts) / BusStep;

    /// <summary>
    /// ENERGY += POWER x t / 16, CHARGE += CURRENT x t, with the t that the chip believes in. The mean over all cycles since the last
    /// look stands for their sum: the rounding of single results averages out, and an idle hour costs no more than a millisecond.
    /// </summary>
    private void Accumulate(long fromNs, long toNs)
    {
        if (_plain[0x02] == 0)
            return;
        var mean = rail.Mean(fromNs, toNs);
        var seconds = (toNs - fromNs) * 1e-9 * (1 + specimen.OscillatorError);
        var current = ShuntSteps(mean) * 4096 / _plain[0x02];
        _energy += Math.Abs(current * BusSteps(mean)) / 16384 * seconds / 16;
        _charge += current * seconds;
        if (_energy >= AccumulatorSpan)
        {
            _energy -= AccumulatorSpan;
            _energyOverflow = true;
        }

        if (Math.Abs(_charge) >= AccumulatorSpan / 2)
        {
            _charge -= Math.Sign(_charge) * (double)AccumulatorSpan;
            _chargeOverflow = true;
        }
    }
}
