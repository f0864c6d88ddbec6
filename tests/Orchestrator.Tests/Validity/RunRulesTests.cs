using MeterLab.Measurement;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Orchestrator.Tests.Validity;

public sealed class RunRulesTests
{
    [Fact]
    public void A_good_run_breaks_no_rule_and_shows_every_one()
    {
        var run = new KnownRun { CheckFactor = 1.001 }.Reconcile();

        Assert.True(run.Valid);
        Assert.DoesNotContain(run.Findings, finding => RuleNames.All.Contains(finding.Rule));
        Assert.Equal(RuleNames.All, run.Rules.Select(rule => rule.Rule));
        Assert.All(run.Rules, rule => Assert.True(rule.Held, $"{rule.Rule}: {rule.Detail}"));
        Assert.Equal(KnownRun.BusyW * 100, run.Meter!.EnergyJ!.Value, 20.0);
        Assert.Equal(KnownRun.IdleW, run.Static!.StaticW, 0.2);
    }

    public static TheoryData<string, string, string> Breaks => new()
    {
        { "gap of two seconds", RuleNames.Coverage, "invalid" },
        { "gap of two seconds", RuleNames.LongestGap, "invalid" },
        { "late samples", RuleNames.Jitter, "warning" },
        { "a load of 15 W", RuleNames.RangeUsed, "warning" },
        { "a load of 190 W", RuleNames.RangeUsed, "warning" },
        { "overflow", RuleNames.Overflow, "invalid" },
        { "a meter of 3 %", RuleNames.Uncertainty, "warning" },
        { "a meter of 12 %", RuleNames.Uncertainty, "invalid" },
        { "a slow clock link", RuleNames.ClockShare, "warning" },
        { "the target's clock stepped", RuleNames.ClockStep, "invalid" },
        { "the lab's clock stepped", RuleNames.HostClockStep, "invalid" },
        { "other settings", RuleNames.Settings, "invalid" },
        { "an old certificate", RuleNames.Certificate, "warning" },
        { "twenty seconds", RuleNames.Duration, "note" },
        { "a load of 8 W", RuleNames.MeterCounts, "note" },
        { "an old baseline", RuleNames.Baseline, "warning" },
        { "another machine", RuleNames.Baseline, "warning" },
        { "no baseline", RuleNames.Baseline, "warning" },
        { "a hot machine", RuleNames.IdleBefore, "warning" },
        { "a busy machine", RuleNames.IdleBefore, "warning" },
        { "a spike", RuleNames.Implausible, "warning" },
        { "a negative value", RuleNames.Implausible, "warning" },
        { "an implausible value", RuleNames.Implausible, "warning" },
        { "a failed workload", RuleNames.Outcome, "invalid" },
        { "a silent estimator", RuleNames.EstimatorOutput, "warning" },
        { "a check meter 2 % off", RuleNames.CheckMeter, "warning" },
    };

    [Theory]
    [MemberData(nameof(Breaks))]
    public void Each_broken_rule_is_a_finding_with_its_figures(string what, string rule, string severity)
    {
        var run = Broken(what).Reconcile();

        var finding = Assert.Single(run.Findings, finding => finding.Rule == rule);
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(run.Rules, row => row.Rule == rule && row.Held == false);
        Assert.Equal(severity != "invalid" && run.Findings.All(other => other.Severity != "invalid"), run.Valid);
        if (rule is not (RuleNames.Outcome or RuleNames.EstimatorOutput or RuleNames.Settings or RuleNames.Baseline))
            Assert.Matches("[0-9]", finding.Detail);
    }

    [Fact]
    public void All_of_them_are_said_at_once()
    {
        var run = new KnownRun
        {
            Seconds = 20, GapS = 2, Late = 0.3, BusyWatts = 15, ReadingPercent = 12, RoundTripNs = 60_000_000, HostStepNs = 5_000_000_000,
            SettingsAfter = "meter 2", CertificateDate = "2020-01-01", BaselineAgeDays = 9, Rests = [], Outcome = "failed", Estimator = "codecarbon",
            IdleBefore = new IdleBefore(new IdleGates(0.1, null, null), 0.5, null, null),
        }.Reconcile();

        string[] expected =
        [
            RuleNames.Jitter, RuleNames.RangeUsed, RuleNames.Uncertainty, RuleNames.HostClockStep, RuleNames.Settings, RuleNames.Certificate,
            RuleNames.Duration, RuleNames.Baseline, RuleNames.IdleBefore, RuleNames.Outcome, RuleNames.EstimatorOutput,
        ];
        Assert.Empty(expected.Except(run.Findings.Select(finding => finding.Rule)));
        Assert.Empty(RuleNames.All.Except(run.Rules.Select(row => row.Rule)));
        Assert.False(run.Valid);
    }

    [Fact]
    public void A_rig_file_decides_severities_and_limits()
    {
        var strict = new KnownRun { Seconds = 20, Limits = RunLimits.Default with { Severities = new Dictionary<string, Severity> { [RuleNames.Duration] = Severity.Invalid } } };
        var lenient = new KnownRun { HostStepNs = 5_000_000_000, Limits = RunLimits.Default with { Severities = new Dictionary<string, Severity> { [RuleNames.HostClockStep] = Severity.Note } } };
        var short20 = new KnownRun { Seconds = 20, Limits = RunLimits.Default with { Duration = TimeSpan.FromSeconds(15) } };

        Assert.False(strict.Reconcile().Valid);
        Assert.True(lenient.Reconcile().Valid);
        Assert.DoesNotContain(short20.Reconcile().Findings, finding => finding.Rule == RuleNames.Duration);
    }

    [Fact]
    public void A_service_that_makes_a_baseline_another_machines_is_named()
    {
        var run = Broken("another machine").Reconcile();
        Assert.Contains("the service backup.service was started", run.Findings.Single(finding => finding.Rule == RuleNames.Baseline).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_campaigns_own_rest_stands_in_for_a_baseline()
    {
        var run = new KnownRun { BaselineAgeDays = null }.Reconcile();
        Assert.True(run.Rules.Single(row => row.Rule == RuleNames.Baseline).Held);
    }

    private static KnownRun Broken(string what) => what switch
    {
        "gap of two seconds" => new KnownRun { GapS = 2 },
        "late samples" => new KnownRun { Late = 0.3 },
        "a load of 15 W" => new KnownRun { BusyWatts = 15 },
        "a load of 8 W" => new KnownRun { BusyWatts = 8 },
        "a load of 190 W" => new KnownRun { BusyWatts = 190 },
        "overflow" => new KnownRun { Flag = SampleFlags.Overflow },
        "a meter of 3 %" => new KnownRun { ReadingPercent = 3 },
        "a meter of 12 %" => new KnownRun { ReadingPercent = 12 },
        "a slow clock link" => new KnownRun { RoundTripNs = 2_000_000_000 },
        "the target's clock stepped" => new KnownRun { TargetStepNs = 3_000_000_000 },
        "the lab's clock stepped" => new KnownRun { HostStepNs = 5_000_000_000 },
        "other settings" => new KnownRun { SettingsAfter = "meter 2" },
        "an old certificate" => new KnownRun { CertificateDate = "2024-06-01" },
        "twenty seconds" => new KnownRun { Seconds = 20 },
        "an old baseline" => new KnownRun { BaselineAgeDays = 9, Rests = [] },
        "another machine" => new KnownRun { ServicesNow = ["backup.service", "ssh.service"], Rests = [] },
        "no baseline" => new KnownRun { BaselineAgeDays = null, Rests = [] },
        "a hot machine" => new KnownRun { IdleBefore = new IdleBefore(new IdleGates(null, null, 60), null, null, 71) },
        "a busy machine" => new KnownRun { IdleBefore = new IdleBefore(new IdleGates(0.1, null, null), 0.5, null, null) },
        "a spike" => new KnownRun { SpikeW = 25 },
        "a negative value" => new KnownRun { SpikeW = -160 },
        "an implausible value" => new KnownRun { Flag = SampleFlags.Implausible },
        "a failed workload" => new KnownRun { Outcome = "failed" },
        "a silent estimator" => new KnownRun { Estimator = "codecarbon" },
        _ => new KnownRun { CheckFactor = 1.02 },
    };
}
