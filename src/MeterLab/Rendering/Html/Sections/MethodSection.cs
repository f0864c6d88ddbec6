namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>How the figures came about, in words and formulae.</summary>
internal static class MethodSection
{
    public static void Write(HtmlWriter html, ReportContext context)
    {
        html.Element("h3", "Energy and window")
            .Element("p", "The meter's energy of a run is the integral of its power over the run's window. A power sample belongs to the middle of the time over which the meter averaged it; "
                + "the window's edges are interpolated between samples, gaps are filled from their neighbours and widen the uncertainty. Coverage is one minus the share of the window that lies in gaps.")
            .Element("h3", "Error")
            .Element("p", "error = (estimate − meter) / meter × 100\u202f%", ("class", "formula"))
            .Element("p", "Each estimator is compared with the narrowest metered scope that contains its own; the wall socket, if there is nothing closer. The table of estimates names it.")
            .Element("h3", "Uncertainty")
            .Element("p", "u = √(Σ uᵢ²), U = k × u", ("class", "formula"))
            .Element("p", "The budget's sources are standard uncertainties uᵢ (k = 1), added in quadrature; what a figure carries behind ± is the expanded uncertainty U for 95\u202f% confidence, "
                + "k = 2 unless few degrees of freedom ask for more. Kinds: systematic sources (gain, offset, shunt, time base) are common to all runs on a meter and do not average out; "
                + "random ones (sampling, quantisation, counter steps) do; sources of a single run (window edges, gaps) belong to its clock and its losses. "
                + "The 95\u202f% interval of an average error describes the scatter of the runs alone; the summary in words at the top adds the median uncertainty of a single error in quadrature, so that many runs on one meter never look surer than the meter.")
            .Element("h3", "Verdict")
            .Element("p", $"agree: |error| + U ≤ tolerance; differ: |error| − U > tolerance; else inconclusive. Tolerance: {Figures.Percent(context.Results.TolerancePct)}.", ("class", "formula"))
            .Element("p", "U covers the meter, the window and what is known of the estimator's resolution. Inconclusive means that the measurement cannot decide, not that the estimator is half right.")
            .Element("h3", "Summary")
            .Element("p", "Bias is the mean error of the valid runs of a group, its interval is Student's t; limits of agreement are bias ± 1.96 standard deviations (Bland and Altman 1986).")
            .Element("h3", "Missing figures")
            .Element("p", $"A figure that is not there is shown as {Figures.Missing} and has a finding that says why. It is never counted as zero.");
        if (context.HasTruth)
            html.Element("p", "True (virtual rig): the energy that the simulated machine really used. Only the virtual rig knows it; it is shown for comparison, and no other figure of this report uses it.");
    }
}
