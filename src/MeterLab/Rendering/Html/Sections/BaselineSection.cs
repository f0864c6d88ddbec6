using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>The idle power of each target over its history.</summary>
internal static class BaselineSection
{
    private const int MostPoints = 200;
    private const int MostTargets = 24;

    public static void Write(HtmlWriter html, ReportContext context)
    {
        if (context.Baselines.Count == 0)
        {
            html.Element("p", "No idle power was measured: the share of the machine's own idling in these energies is unknown.");
            return;
        }

        html.Element("p", "What each machine draws when it does nothing (static_w); E_static of a run is this power times the run's duration. "
            + "The bar is the expanded uncertainty (95\u202f%). A machine whose idle power moves without a change of its hardware or software is worth a look before its runs are believed.");
        var number = 0;
        foreach (var place in context.Baselines.GroupBy(point => (point.Target, point.Scope)).Take(MostTargets))
            Figure(html, $"baseline-{Figures.Whole(++number)}", place.Key.Target, place.Key.Scope, [.. place.OrderBy(point => point.UtcNs).TakeLast(MostPoints)]);
    }

    private static void Figure(HtmlWriter html, string id, string target, string scope, List<BaselinePoint> points)
    {
        var last = points[^1];
        var changes = points.Zip(points.Skip(1)).Count(pair => BaselinePlot.Changed(pair.First, pair.Second));
        var text = new FigureText(
            id, $"Idle power of {target} ({scope})",
            $"{Figures.Count(points.Count, "baseline")} between {Figures.WithUnit(points.Min(point => point.StaticW), "W")} and {Figures.WithUnit(points.Max(point => point.StaticW), "W")}; "
            + $"the last is {Figures.Measured(last.StaticW, last.UncertaintyW, "W")} of {Figures.Moment(last.UtcNs)}. "
            + (changes == 0 ? "The machine's fingerprint did not change." : $"The machine's fingerprint changed {Figures.Count(changes, "time")}: dashed lines."));
        FigureWriter.Write(
            html, text, [], [BaselinePlot.LayOut(points, "wide", Drawing.WideWidth, 240), BaselinePlot.LayOut(points, "narrow", Drawing.NarrowWidth, 220)],
            details => TableWriter.Write(
                details, id + "-table", $"Idle power of {target} ({scope}), the oldest first",
                [new("Measured"), new("Idle power ± uncertainty (95\u202f%)", true), new("By"), new("Fingerprint of the machine")],
                points.Select(point => (IReadOnlyList<string>)
                [
                    Figures.Moment(point.UtcNs), Figures.Measured(point.StaticW, point.UncertaintyW, "W"), point.Source,
                    point.Fingerprint.Length > 0 ? point.Fingerprint[..Math.Min(16, point.Fingerprint.Length)] : Figures.Missing,
                ])));
    }
}
