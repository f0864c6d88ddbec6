using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>The uncertainty budget of one run, largest source first.</summary>
internal static class BudgetSection
{
    public static void Write(HtmlWriter html, ReportContext context)
    {
        if (context.Representative is not { Meter: { Budget.Count: > 0 } meter } run)
        {
            html.Element("p", "No valid run has an uncertainty budget.");
            return;
        }

        List<BudgetRow> sources = [.. meter.Budget.Where(source => double.IsFinite(source.UJ)).OrderByDescending(source => source.UJ)];
        var variance = sources.Sum(source => source.UJ * source.UJ);
        html.Element("p", $"The sources of the uncertainty of the metered energy of {run.Run}: "
            + $"{Figures.Measured(meter.EnergyJ, meter.UncertaintyJ, "J")} (k\u202f=\u202f{Figures.At(meter.K)}). "
            + "A systematic source is shared by all runs on this meter, and does not shrink in their average; a random one does.");
        var text = new FigureText(
            "budget", $"Uncertainty budget of {run.Run}, {meter.Meter}/{meter.Channel} ({meter.Scope})",
            "Standard uncertainty of each source, largest first. "
            + string.Join("; ", sources.Select(source => $"{source.Source}, {source.Kind}: {Figures.WithUnit(source.UJ, "J")}")) + ".");
        FigureWriter.Write(
            html, text, [], Drawing.Both((cssClass, width) => BudgetPlot.LayOut(sources, cssClass, width)),
            details => TableWriter.Write(
                details, "budget-table", $"Standard uncertainties (k = 1) of the energy of {run.Run}",
                [new("Source"), new("Kind"), new("Standard uncertainty", true), new("Share of the energy", true), new("Share of the variance", true)],
                sources.Select(source => (IReadOnlyList<string>)
                [
                    source.Source, source.Kind, Figures.WithUnit(source.UJ, "J"),
                    Figures.Percent(source.UJ / meter.EnergyJ * 100, 3),
                    Figures.Percent(variance > 0 ? source.UJ * source.UJ / variance * 100 : null),
                ])));
    }
}
