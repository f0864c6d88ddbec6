using MeterLab.Measurement;
using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Settings;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Storage.Meters;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>
/// Whether the meters of a campaign were set as they must be, and stayed so: a figure of a meter that was set otherwise at the end than at the start, or
/// than its settings profile wants, is not to be used.
/// </summary>
public static class MeterSettingsCheck
{
    /// <summary>A setting as it is kept.</summary>
    private sealed record Kept(string? Value, string? Wanted, bool Right);

    /// <summary>The row to keep.</summary>
    /// <param name="campaign">The campaign; null outside one.</param>
    /// <param name="meter">The meter's name.</param>
    /// <param name="moment">When it was read.</param>
    /// <param name="identity">What it says it is.</param>
    /// <param name="settings">What was read.</param>
    public static MeterSettingsRecord Record(
        string? campaign, string meter, SettingsMoment moment, MeterIdentity? identity, IReadOnlyList<MeterSetting> settings) => new()
        {
            Campaign = campaign,
            Meter = meter,
            Moment = moment,
            Identity = DocumentJson.Write(identity),
            Settings = DocumentJson.Write(settings.ToDictionary(setting => setting.Name, setting => new Kept(setting.Value, setting.Wanted, setting.IsRight))),
        };

    /// <summary>The findings for a target that is fed by these meters, from what was kept of its campaign.</summary>
    internal static IReadOnlyList<Finding> Of(IReadOnlyList<MeterSettingsRecord> records, IEnumerable<FeedDocument> feeds)
    {
        var findings = new List<Finding>();
        foreach (var meter in feeds.GroupBy(feed => feed.Channel.Meter))
        {
            // What only a second meter says cannot spoil the first one's figures.
            var severity = meter.Any(feed => feed.Role == MeterRole.Truth) ? Severity.Invalid : Severity.Warning;
            var mine = records.Where(record => record.Meter == meter.Key).ToList();
            if (mine.Find(record => record.Moment == SettingsMoment.Before) is not { } before)
                continue;
            var settings = Read(before);
            findings.AddRange(settings.Where(setting => !setting.Value.Right).Select(setting => new Finding("meter-settings", setting.Value.Value is null ? Severity.Warning : severity,
                $"{meter.Key}: {setting.Key} is {setting.Value.Value ?? "not told"}, where {setting.Value.Wanted} is wanted; `meterlab meter settings apply` sets it")));
            if (mine.FindLast(record => record.Moment == SettingsMoment.After) is not { } after)
                continue;
            if (before.Identity != after.Identity)
                findings.Add(new Finding("meter-changed", severity, $"{meter.Key} says it is another device at the end than at the start, or another firmware or range"));
            findings.AddRange(Read(after).Where(now => settings.TryGetValue(now.Key, out var then) && then.Value != now.Value.Value).Select(now => new Finding(
                "meter-settings-changed", severity,
                $"{meter.Key}: {now.Key} was {settings[now.Key].Value ?? "not told"} before the runs and is {now.Value.Value ?? "not told"} after them; somebody set the meter meanwhile")));
        }

        return findings;
    }

    private static Dictionary<string, Kept> Read(MeterSettingsRecord record) => DocumentJson.Read<Dictionary<string, Kept>>(record.Settings);
}
