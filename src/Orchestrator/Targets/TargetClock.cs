using System.Globalization;

using MeterLab.Measurement.Clocks;

namespace MeterLab.Orchestrator.Targets;

/// <summary>Finds the best way to read a target's clock and probes it over one open channel.</summary>
public static class TargetClock
{
    private const long LongestDisagreementNs = 60_000_000_000;
    private static readonly TimeSpan FindDeadline = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The quickest helper that works on the target, tried there and not assumed; the target's own where it has one. Throws
    /// <see cref="TargetException"/> where nothing tells the time.
    /// </summary>
    public static async Task<ClockHelper> FindHelperAsync(ITarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.ClockHelper is { } own)
            return own;
        long? seconds = await TryAsync(target, ClockHelpers.DateSeconds, cancellationToken).ConfigureAwait(false);
        foreach (var helper in ClockHelpers.All)
        {
            // Whatever a tool of that name prints, it must be the same time as date's.
            if (await TryAsync(target, helper, cancellationToken).ConfigureAwait(false) is { } now
                && (seconds is null || Math.Abs(now - seconds.Value) < LongestDisagreementNs))
                return helper;
        }

        throw new TargetException(
            TargetFailure.Command, target.Name, "no way to read the clock was found: none of bash 5, python3, perl, date works there.");
    }

    /// <summary>Opens a channel that answers every line with the target's clock. Keep it open: opening costs more than a hundred probes.</summary>
    public static async Task<ClockChannel> OpenAsync(ITarget target, ClockHelper helper, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(helper);
        var channel = await target.OpenChannelAsync(
            [.. helper.Shell, "-c", helper.Snippet + "\n" + ClockChannel.Loop, "meterlab-clock"], cancellationToken).ConfigureAwait(false);
        return new ClockChannel(target, channel, helper);
    }

    /// <summary>
    /// Probes in short bursts with random pauses (Veitch 2009: regular probing can lock onto whatever else is regular on the link),
    /// in the order taken.
    /// </summary>
    /// <param name="clock">The open channel.</param>
    /// <param name="options">How many, how far apart.</param>
    /// <param name="time">Waits between bursts.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="afterBurst">Called after every burst: keep a host anchor there.</param>
    public static async Task<IReadOnlyList<SyncObservation>> ProbeAsync(
        ClockChannel clock, ProbeOptions options, TimeProvider time, CancellationToken cancellationToken, Action? afterBurst = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var random = new Random(options.Seed);
        var observations = new List<SyncObservation>(options.Count);
        while (observations.Count < options.Count)
        {
            var burst = Math.Min(options.Burst, options.Count - observations.Count);
            for (var i = 0; i < burst; i++)
                observations.Add(await clock.ProbeAsync(cancellationToken).ConfigureAwait(false));
            afterBurst?.Invoke();
            if (observations.Count < options.Count)
                await Task.Delay(options.Pause * (0.5 + random.NextDouble()), time, cancellationToken).ConfigureAwait(false);
        }

        return observations;
    }

    internal static bool TryParse(string text, out long nanoseconds) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out nanoseconds) && nanoseconds > 0;

    private static async Task<long?> TryAsync(ITarget target, ClockHelper helper, CancellationToken cancellationToken)
    {
        const string Once = "meterlab_now; printf '%s\\n' \"$NOW\"";
        var result = await target.RunAsync(
            [.. helper.Shell, "-c", helper.Snippet + "\n" + Once, "meterlab-clock"], new CommandOptions(FindDeadline), cancellationToken)
            .ConfigureAwait(false);
        return result.ExitCode == 0 && TryParse(result.Output.TrimEnd('\n'), out var now) ? now : null;
    }
}
