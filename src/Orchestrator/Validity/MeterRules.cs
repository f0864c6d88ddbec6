using System.Globalization;

using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Validity;

/// <summary>The meters themselves: the same device and settings at both ends, certificates that have not run out.</summary>
internal static class MeterRules
{
    public static IEnumerable<Verdict> Of(RunCase run)
    {
        var meters = run.Feeds.Select(feed => feed.Channel.Meter).Distinct().ToList();
        yield return Settings(run, meters);
        yield return Certificate(run);
    }

    private static Verdict Settings(RunCase run, List<string> meters)
    {
        var kept = run.Campaign.Settings.Where(settings => meters.Contains(settings.Meter)).ToList();
        if (kept.Count == 0 || kept.Any(settings => settings.After is null))
            return Verdict.NotJudged(RuleNames.Settings, "identity and settings were not kept at both ends of the campaign");
        var changed = kept.Where(settings => settings.After != settings.Before).ToList();
        return changed.Count == 0
            ? Verdict.Words(RuleNames.Settings, Severity.Invalid, true, $"{string.Join(", ", meters)}: the same device and settings at the end as at the start")
            : Verdict.Words(RuleNames.Settings, Severity.Invalid, false, string.Join(' ', changed.Select(settings =>
                $"{settings.Meter} said {settings.Before} at the start and {settings.After} at the end; its figures cannot be used.")));
    }

    private static Verdict Certificate(RunCase run)
    {
        var certified = run.Feeds.Where(feed => feed.CertificateDate is not null).ToList();
        if (certified.Count == 0)
            return Verdict.NotJudged(RuleNames.Certificate, "no certificate is named in the rig file");
        var today = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(run.Campaign.StartedUtcNs / 1_000_000).UtcDateTime);
        var oldest = certified.MaxBy(feed => Age(feed.CertificateDate!, today))!;
        var days = Age(oldest.CertificateDate!, today);
        return Verdict.Of(
            RuleNames.Certificate, Severity.Warning, days, run.Limits.CertificateAge.TotalDays, "d", days <= run.Limits.CertificateAge.TotalDays,
            $"{oldest.Channel.Meter}: its certificate of {oldest.CertificateDate} is {days} days old; {run.Limits.CertificateAge.TotalDays:0} days are allowed");
    }

    private static int Age(string date, DateOnly today) => today.DayNumber - DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber;
}
