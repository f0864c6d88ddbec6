using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Fields;

namespace MeterLab.MeterDrivers.Serial.Telegrams;

/// <summary>One kind of meter that sends telegrams by itself, once it was told to where it has to be told.</summary>
internal abstract class TelegramProtocol
{
    /// <summary>The data sheet; after <see cref="StartAsync"/> with what the device told.</summary>
    public abstract MeterFacts Facts { get; }

    /// <summary>All values that a telegram may hold; <see cref="MeasuredField.Index"/> is the place in <see cref="ITelegramDecoder.Values"/>.</summary>
    public abstract IReadOnlyList<MeasuredField> Fields { get; }

    /// <summary>How long it may stay silent.</summary>
    public abstract TimeSpan Silence { get; }

    /// <summary>A decoder for a stream that begins; called after <see cref="StartAsync"/>.</summary>
    public abstract ITelegramDecoder CreateDecoder();

    /// <summary>Makes the device send, and returns what it says it is. Throws <see cref="LinkException"/> and <see cref="MeterException"/>.</summary>
    public virtual Task<MeterIdentity> StartAsync(TelegramPort port, CancellationToken cancellationToken) =>
        Task.FromResult(new MeterIdentity(Facts.Vendor, Facts.Model));

    /// <summary>Makes the device stop, where it can be stopped.</summary>
    public virtual Task StopAsync(TelegramPort port, CancellationToken cancellationToken) => Task.CompletedTask;
}
