using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>What several meters said about the same run, and whether those on the same scope agree.</summary>
internal static class MetersSection
{
    public static void Write(HtmlWriter html, ReportContext context)
    {
        html.Element("p", "Meters on the same scope should say the same. Their difference is judged against the uncertainty of both: "
            + "√(U₁² + U₂²) with U at 95\u202f%. Meters on other scopes see another part of the machine and are listed, not compared.");
        List<Column> columns =
        [
            new("Run"), new("Meter/channel"), new("Scope"), new("Role"), new("Energy ± uncertainty (95\u202f%)", true),
        ];
        if (context.HasTruth)
            columns.Add(new Column("True (virtual rig)", true));
        columns.AddRange([new("Coverage", true), new("Longest gap", true), new("Difference from the truth meter", true), new("Judgement")]);
        TableWriter.Write(
            html, "meters-table", "The energy of every run on every meter" + context.ListedNote, columns,
            context.Listed.SelectMany(run => ReportContext.MetersOf(run).Select(meter => RowOf(context, run, meter))));
    }

    private static List<string> RowOf(ReportContext context, RunResult run, MeterResult meter)
    {
        List<string> row =
        [
            run.Run, $"{meter.Meter}/{meter.Channel}", meter.Scope, meter.Role, Figures.Measured(meter.EnergyJ, meter.UncertaintyJ, "J"),
        ];
        if (context.HasTruth)
            row.Add(Figures.WithUnit(meter.TruthJ, "J"));
        var (difference, judgement) = Compare(run, meter);
        row.AddRange([Figures.Percent(meter.Coverage * 100, 2), meter.LongestGapS is { } gap ? Figures.At(gap) + "\u202fs" : Figures.Missing, difference, judgement]);
        return row;
    }

    /// <summary>Difference of a check meter from the truth meter of its scope, and what it means.</summary>
    internal static (string Difference, string Judgement) Compare(RunResult run, MeterResult meter)
    {
        var truth = ReportContext.MetersOf(run).FirstOrDefault(other => other.Role == "truth" && other.Scope == meter.Scope);
        if (meter.Role == "truth" || truth is null)
            return (Figures.Missing, meter.Role == "truth" ? "reference" : "no truth meter on this scope");
        if (meter.EnergyJ is not { } one || truth.EnergyJ is not { } other || other == 0)
            return (Figures.Missing, "no figure to compare");
        var difference = (one - other) / Math.Abs(other) * 100;
        if (meter.UncertaintyJ is not { } u1 || truth.UncertaintyJ is not { } u2)
            return (Figures.SignedPercent(difference), "uncertainty unknown");
        var allowed = Math.Sqrt((u1 * u1) + (u2 * u2)) / Math.Abs(other) * 100;
        return ($"{Figures.SignedPercent(difference)} ± {Figures.Percent(allowed)}", Math.Abs(difference) <= allowed ? "agree" : "differ: one of them is wrong");
    }
}
