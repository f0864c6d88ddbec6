using System.Globalization;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Orchestrator.Baselines;

namespace MeterLab.Cli.Commands;

/// <summary>A baseline for people.</summary>
internal static class BaselineText
{
    /// <summary>Writes it.</summary>
    public static void Write(TextWriter text, BaselineResult baseline)
    {
        text.WriteLine(Failures.Plain(
            $"{baseline.Target}, {baseline.Scope}: {Figures.Of(baseline.StaticW, "W", 5)} +/- {Figures.Of(baseline.UncertaintyW, "W", 2)} at rest, k = {Figures.Of(baseline.K, "", 3)}"));
        text.WriteLine(Failures.Plain(FormattableString.Invariant(
            $"measured {baseline.Measured} for {baseline.DurationS:0.0} s on {string.Join(" + ", baseline.Channels)}, steady: {baseline.SteadyWord}, settled after {baseline.SettledAfterS:0} s")));
        text.WriteLine(Failures.Plain(baseline.Campaign is { } campaign ? $"by the campaign {campaign}, before its runs" : "by meterlab baseline measure"));
        text.WriteLine(Failures.Plain($"machine {baseline.Fingerprint}: {baseline.State}"));
        if (baseline.EstimatorsAtIdle.Count > 0)
        {
            text.WriteLine();
            var table = new TextTable("estimator", "claims at rest", "costs at rest", "U");
            foreach (var claim in baseline.EstimatorsAtIdle)
                table.Add(claim.Estimator, Figures.Of(claim.PowerW, "W", 4), Figures.Of(claim.CostW, "W", 3), Figures.Of(claim.CostUncertaintyW, "W", 2));
            table.Write(text);
        }

        if (baseline.PowerCurve is { } curve)
        {
            text.WriteLine();
            var table = new TextTable("busy workers", "busy processors", "power", "u (k=1)");
            foreach (var step in curve.Steps)
                table.Add(step.Workers.ToString(CultureInfo.InvariantCulture), Figures.Of(step.BusyCores, "", 3), Figures.Of(step.PowerW, "W", 5), Figures.Of(step.UW, "W", 2));
            table.Write(text);
        }

        text.WriteLine();
        foreach (var finding in baseline.Findings)
            text.WriteLine(Failures.Plain($"{finding.Severity}: {finding.Rule}: {finding.Detail}"));
    }
}
