namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>How the target's clock and the meter's lag were taken into account.</summary>
internal static class ClockSection
{
    public static void Write(HtmlWriter html, ReportContext context)
    {
        html.Element("p", "A run starts and ends on the target's clock, and is laid on the lab host's time line through the fitted offset and rate. "
            + "The lag is how late the meter's figures come. What is left unknown widens the window's edges in the budget.");
        TableWriter.Write(
            html, "clocks-table", "Target clock against the lab's UTC, and the meter's lag; ± is the expanded uncertainty (95\u202f%)" + context.ListedNote,
            [new("Run"), new("Target"), new("Target clock ahead by", true), new("Its rate", true), new("Meter lag", true), new("k", true), new("CPU time of MeterLab on the target", true)],
            context.Listed.Select(run => (IReadOnlyList<string>)
            [
                run.Run, run.Target, Milliseconds(run.Clock?.OffsetS, run.Clock?.UncertaintyS),
                Figures.Measured(run.Clock?.RatePpm, run.Clock?.RateUncertaintyPpm, "ppm"),
                Milliseconds(run.Clock?.MeterLagS, run.Clock?.MeterLagUncertaintyS),
                run.Clock is { } clock ? Figures.At(clock.K) : Figures.Missing,
                run.Overhead.CpuS is { } seconds ? Figures.Number(seconds, 3) + "\u202fs" : Figures.Missing,
            ]));
    }

    private static string Milliseconds(double? seconds, double? uncertainty) => Figures.Measured(seconds * 1000, uncertainty * 1000, "ms");
}
