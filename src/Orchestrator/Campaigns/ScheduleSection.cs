using Quartz;

using MeterLab.Configuration;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>Reads <c>schedule:</c> of a campaign file.</summary>
internal static class ScheduleSection
{
    internal static CampaignSchedule Read(ConfigNode node)
    {
        var map = node.AsMap("cron", "time-zone");
        var cron = map.Require("cron");
        try
        {
            _ = new CronExpression(cron.AsText());
        }
        catch (FormatException e)
        {
            throw cron.Error($"'{cron.AsText()}' is no cron expression ({e.Message.TrimEnd('.')}); "
                + "seconds minutes hours day-of-month month day-of-week, for instance 0 0 1 * * ? for every night at one");
        }

        var zone = map.Require("time-zone");
        var id = zone.AsText();
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found))
            throw zone.Error($"'{id}' is no time zone here; {Nearest.Suggest(id, ZoneIds())}");
        return new CampaignSchedule(cron.AsText(), found.Id);
    }

    private static string[] ZoneIds()
    {
        var ids = TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).ToArray();
        return ids.Length > 20 ? ids : ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"];
    }
}
