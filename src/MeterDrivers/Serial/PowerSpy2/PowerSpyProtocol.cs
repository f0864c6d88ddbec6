using System.Globalization;

using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Serial.Telegrams;

namespace MeterLab.MeterDrivers.Serial.PowerSpy2;

/// <summary>An Alciom PowerSpy2: means over a whole number of mains periods, scaled by the calibration in the device's own memory.</summary>
internal sealed class PowerSpyProtocol(int periods) : TelegramProtocol
{
    /// <summary>Its model name.</summary>
    internal const string Model = "powerspy2";

    // The device counts the mains period with this frequency.
    private const double PeriodClockHz = 1_382_400;
    private const double NominalHz = 50;
    private const int VoltageScaleAt = 0x0E;
    private const int CurrentScaleAt = 0x12;

    private float _voltsPerCount;
    private float _amperesPerCount;
    private double _periodSeconds = 1 / NominalHz;

    /// <inheritdoc/>
    public override MeterFacts Facts => Sheet(_periodSeconds * periods);

    /// <inheritdoc/>
    public override IReadOnlyList<MeasuredField> Fields { get; } =
    [
        new("total", Quantity.ActivePower, new Float64Scale(), 0),
        new("total", Quantity.Voltage, new Float64Scale(), 1),
        new("total", Quantity.Current, new Float64Scale(), 2),
    ];

    /// <inheritdoc/>
    public override TimeSpan Silence { get; } = TimeSpan.FromSeconds(3 + 3 * periods / NominalHz);

    /// <summary>What is published: 1 %, from memory.</summary>
    internal static MeterFacts Sheet(double periodSeconds) => new()
    {
        Model = Model,
        Vendor = "Alciom",
        Transports = ["serial"],
        Quantities = [Quantity.Voltage, Quantity.Current, Quantity.ActivePower],
        Accuracy = new Dictionary<Quantity, AccuracyLimit> { [Quantity.ActivePower] = new() { ReadingPercent = 1 } },
        Resolution = new Dictionary<Quantity, double>(),
        Response = new MeterResponse(periodSeconds, periodSeconds, 0) { AveragingKnown = true },
        FactsMark = 0,
        Source = "protocol as two programs have it (a simulator's dialogue among them); accuracy from memory",
    };

    /// <inheritdoc/>
    public override ITelegramDecoder CreateDecoder() => new PowerSpyDecoder(_voltsPerCount, _amperesPerCount);

    /// <inheritdoc/>
    public override async Task<MeterIdentity> StartAsync(TelegramPort port, CancellationToken cancellationToken)
    {
        await port.WriteAsync("<Q>", cancellationToken).ConfigureAwait(false);
        await port.DrainAsync(cancellationToken).ConfigureAwait(false);
        var identity = await port.AskAsync("<?>", '<', '>', "", cancellationToken).ConfigureAwait(false);
        if (!identity.StartsWith("POWERSPY", StringComparison.Ordinal) || identity.Length < 21)
            throw new MeterException(MeterFailure.WrongDevice, $"{port.Name}: this is no PowerSpy2: it says '{identity}', where POWERSPY... is right.");
        _voltsPerCount = await ScaleAsync(port, VoltageScaleAt, cancellationToken).ConfigureAwait(false);
        _amperesPerCount = await ScaleAsync(port, CurrentScaleAt, cancellationToken).ConfigureAwait(false);
        _periodSeconds = await MainsPeriodAsync(port, cancellationToken).ConfigureAwait(false);
        await port.AskAsync($"<J{periods:X4}>", '<', '>', "K", cancellationToken).ConfigureAwait(false);
        // POWERSPY, status, PLL, trigger, software, hardware, serial number.
        return new MeterIdentity("Alciom", Model, identity[17..21], $"software {identity[13..15]}, hardware {identity[15..17]}");
    }

    /// <inheritdoc/>
    public override async Task StopAsync(TelegramPort port, CancellationToken cancellationToken) =>
        await port.WriteAsync("<Q>", cancellationToken).ConfigureAwait(false);

    // A single, little endian, byte by byte.
    private static async Task<float> ScaleAsync(TelegramPort port, int address, CancellationToken cancellationToken)
    {
        var bytes = new byte[4];
        for (var i = 0; i < bytes.Length; i++)
        {
            var answer = await port.AskAsync($"<V{address + i:X2}>", '<', '>', "", cancellationToken).ConfigureAwait(false);
            var digits = answer.Length == 3 && answer[0] == 'V' ? answer[1..] : answer;
            if (digits.Length != 2 || !byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
                throw new MeterException(MeterFailure.Protocol, $"{port.Name}: '{answer}' is no byte of the calibration; two hexadecimal digits are right.");
        }

        var scale = BitConverter.ToSingle(bytes);
        return float.IsFinite(scale) && scale > 0
            ? scale
            : throw new MeterException(MeterFailure.Protocol, $"{port.Name}: the device's calibration is no number above 0; without it no value means anything.");
    }

    private static async Task<double> MainsPeriodAsync(TelegramPort port, CancellationToken cancellationToken)
    {
        var answer = await port.AskAsync("<F>", '<', '>', "F", cancellationToken).ConfigureAwait(false);
        if (answer.Length != 5 || !ushort.TryParse(answer.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count) || count == 0)
            throw new MeterException(MeterFailure.Protocol, $"{port.Name}: '{answer}' is no mains period. Is the device on the mains?");
        return count / PeriodClockHz;
    }
}
