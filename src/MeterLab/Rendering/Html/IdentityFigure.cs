using MeterLab.Cli.Rendering.Html.Plots;

namespace MeterLab.Cli.Rendering.Html;

/// <summary>The figure of estimated against measured energy.</summary>
internal static class IdentityFigure
{
    /// <summary>Writes it; nothing where no pair can be drawn.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<EnergyPair> points, double tolerancePct, Palette palette, Action<HtmlWriter> table)
    {
        if (IdentityPlot.LayOut(points, tolerancePct, "tile wide", 460) is not { } wide
            || IdentityPlot.LayOut(points, tolerancePct, "narrow", Drawing.NarrowWidth) is not { } narrow)
            return;
        var key = palette.Estimators.Select((name, style) => new KeyEntry(Swatch.Marker, style, name)).ToList();
        key.Add(new KeyEntry(Swatch.Identity, 0, "estimate = meter"));
        key.Add(new KeyEntry(Swatch.Band, 0, $"within ±{Figures.Percent(tolerancePct, 0)}"));
        FigureWriter.Write(
            html, new FigureText(
                "identity", "Estimated against measured energy",
                "Dots on the line are right; below it the program says too little. Each estimator is shown against the meter it is compared with. The bars are the meter's uncertainty (95 %). "
                + string.Join(" ", points.GroupBy(point => point.Style).OrderBy(group => group.Key).Select(group =>
                    $"{palette.Estimators[group.Key]}: below the line in {Figures.Whole(group.Count(point => point.EstimateJ < point.MeterJ))} of {Figures.Count(group.Count(), "run")} drawn."))),
            key, [wide, narrow], table);
    }
}
