using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Settings;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Storage.Meters;

namespace MeterLab.Orchestrator.Tests.Campaigns;

/// <summary>A meter that is set wrong, or otherwise after the runs than before, makes them invalid.</summary>
public sealed class MeterSettingsCheckTests
{
    private static readonly MeterIdentity Identity = new("Maker", "m-1", "7");

    [Fact]
    public void What_is_right_and_stays_so_is_no_finding() =>
        Assert.Empty(Findings(MeterRole.Truth, Row(SettingsMoment.Before, "1"), Row(SettingsMoment.After, "1")));

    [Theory]
    [InlineData("0", "0", "meter-settings")]
    [InlineData("1", "2", "meter-settings-changed")]
    public void What_is_wrong_or_changed_makes_runs_invalid(string before, string after, string rule)
    {
        var finding = Assert.Single(Findings(MeterRole.Truth, Row(SettingsMoment.Before, before), Row(SettingsMoment.After, after)));

        Assert.Equal((rule, Severity.Invalid), (finding.Rule, finding.Severity));
        Assert.Contains("mode", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_meter_in_series_does_not_spoil_the_first() =>
        Assert.Equal(Severity.Warning, Assert.Single(Findings(MeterRole.Check, Row(SettingsMoment.Before, "0"))).Severity);

    [Fact]
    public void A_setting_that_the_meter_does_not_tell_is_a_warning() =>
        Assert.Equal(Severity.Warning, Assert.Single(Findings(MeterRole.Truth, Row(SettingsMoment.Before, null))).Severity);

    [Fact]
    public void Another_device_at_the_end_makes_runs_invalid()
    {
        var after = MeterSettingsCheck.Record("c", "wall", SettingsMoment.After, Identity with { Serial = "8" }, [Setting("1")]);

        var finding = Assert.Single(Findings(MeterRole.Truth, Row(SettingsMoment.Before, "1"), after));

        Assert.Equal(("meter-changed", Severity.Invalid), (finding.Rule, finding.Severity));
    }

    [Fact]
    public void Meters_of_other_targets_are_not_looked_at() =>
        Assert.Empty(MeterSettingsCheck.Of([Row(SettingsMoment.Before, "0")], [new FeedDocument(new ChannelId("other", "total"), Scope.WallAc, MeterRole.Truth)]));

    private static IReadOnlyList<Finding> Findings(MeterRole role, params MeterSettingsRecord[] records) =>
        MeterSettingsCheck.Of(records, [new FeedDocument(new ChannelId("wall", "total"), Scope.WallAc, role)]);

    private static MeterSettingsRecord Row(SettingsMoment moment, string? value) => MeterSettingsCheck.Record("c", "wall", moment, Identity, [Setting(value)]);

    private static MeterSetting Setting(string? value) => new("mode", value, "1", value is "1" or "2", true, "direction of power");
}
