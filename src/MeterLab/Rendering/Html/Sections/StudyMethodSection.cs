namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>How the figures of a study came about, in words and formulae.</summary>
internal static class StudyMethodSection
{
    public static void Write(HtmlWriter html, double tolerancePct) => html
        .Element("h3", "Energy")
        .Element("p", "The meter's energy of an experiment is its counter after the experiment minus its counter before it. A counter moves in whole counts, so the difference is known to "
            + "± one count at most: a triangle whose standard deviation is one count divided by √6. That is all the uncertainty that a recording tells; the meter's own accuracy and the moments of the readings come on top.")
        .Element("h3", "Error")
        .Element("p", "error = (estimate − meter) / meter × 100\u202f%", ("class", "formula"))
        .Element("h3", "Summary")
        .Element("p", "Bias is the mean error, its interval is Student's t; limits of agreement are bias ± 1.96 standard deviations (Bland and Altman 1986). Their intervals take into account that "
            + "experiments on one model err alike (Bland and Altman 2007; Zou 2013). The shaded band of the pictures is ± "
            + $"{Figures.Percent(tolerancePct, 0)}, the usual margin of equivalence.")
        .Element("h3", "Calibration")
        .Element("p", "E(meter) = gain × E(estimator) + unseen power × duration", ("class", "formula"))
        .Element("p", "The fit weighs each experiment by the uncertainty of both sides, takes the meter's count as an interval, and is robust to outliers. It is judged by leaving out one model at a time: "
            + "errors after calibration are of models that the fit has not seen. The floor of the meter is one third of a count on average, as a share of the energy.")
        .Element("h3", "Missing figures")
        .Element("p", $"A figure that is not there is shown as {Figures.Missing}. It is never counted as zero.");
}
