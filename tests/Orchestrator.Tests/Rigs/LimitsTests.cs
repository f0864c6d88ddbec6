using MeterLab.Measurement;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Orchestrator.Tests.Rigs;

public sealed class LimitsTests
{
    [Fact]
    public void Every_limit_of_a_rig_file_is_read()
    {
        var rig = Read("""
            limits:
              coverage: 98%
              longest-gap: 5
              jitter: 30%
              range-low: 5%
              range-high: 95%
              clock-share: 0.2%
              certificate-age: 730d
              duration: 30s
              meter-counts: 50
              baseline-age: 2d
              severities: { jitter: note, certificate: invalid }
            """);

        Assert.Equal((0.98, 5.0), (rig.Limits.Coverage, rig.Limits.LongestGap));
        var limits = rig.RunLimits;
        Assert.Equal((0.3, 0.05, 0.95, 0.002), (limits.Jitter, limits.RangeLow, Math.Round(limits.RangeHigh, 9), limits.ClockShare));
        Assert.Equal((730.0, 30.0, 50.0, 2.0), (limits.CertificateAge.TotalDays, limits.Duration.TotalSeconds, limits.MeterCounts, limits.BaselineAge.TotalDays));
        Assert.Equal((Severity.Note, Severity.Invalid), (limits.Severities["jitter"], limits.Severities["certificate"]));
    }

    [Fact]
    public void What_is_left_out_keeps_its_default()
    {
        var limits = Read("limits: { baseline-age: 1d }").RunLimits;
        Assert.Equal(RunLimits.Default with { BaselineAge = TimeSpan.FromDays(1) }, limits);
        Assert.Equal(7, Read("").RunLimits.BaselineAge.TotalDays);
    }

    [Theory]
    [InlineData("limits: { baseline-age: 7 }", "baseline-age")]
    [InlineData("limits: { severities: { jiter: note } }", "jitter")]
    [InlineData("limits: { severities: { jitter: harmless } }", "warning")]
    [InlineData("limits: { meter-counts: 0 }", "at least 1")]
    [InlineData("limits: { jitters: 10% }", "jitter")]
    public void A_wrong_limit_is_named(string text, string says)
    {
        var e = Assert.Throws<ConfigurationException>(() => Read(text));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gates_and_ranges_are_read_with_their_units()
    {
        var rig = RigFile.Parse("""
            rig: bench
            meters:
              wall: { uri: "modbus-tcp://10.0.0.20:502/1?model=eastron-sdm230", range: 2kW }
            targets:
              node1: { local: true, gates: { cpu: 5%, temperature: 55degC } }
            """, "rig.yaml");
        Assert.Equal(2000, rig.Meters[0].RangeW);
        Assert.Equal(new IdleGates(0.05, null, 55), rig.Targets[0].Gates);
    }

    private static Rig Read(string limits) => RigFile.Parse($"rig: bench\n{limits}", "rig.yaml");
}
