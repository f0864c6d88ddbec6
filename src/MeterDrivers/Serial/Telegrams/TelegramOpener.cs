using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Serial.Telegrams;

/// <summary>Opens meters of one protocol of telegrams.</summary>
internal abstract class TelegramOpener : IMeterOpener
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["serial"];

    /// <summary>The line as the maker ships it.</summary>
    protected abstract SerialSettings Line { get; }

    /// <summary>The options of the family beside those of a line.</summary>
    protected virtual string[] Options => [];

    /// <inheritdoc/>
    public abstract IReadOnlyList<MeterFacts> Models(MeterEnvironment environment);

    /// <inheritdoc/>
    public async Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken)
    {
        var (line, open) = SerialUris.LineOf(uri, Line, Options);
        var meter = new TelegramMeter(uri, name, Protocol(uri), line, open, environment);
        return await Opening.StartAsync(meter, (opened, token) => opened.StartAsync(token), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The protocol with the options of an address.</summary>
    protected abstract TelegramProtocol Protocol(MeterUri uri);
}
