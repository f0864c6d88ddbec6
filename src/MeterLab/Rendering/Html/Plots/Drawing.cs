namespace MeterLab.Cli.Rendering.Html.Plots;

/// <summary>
/// A drawing in SVG units (CSS pixels at full size). The plots are written by hand instead of through a plotting library: the
/// library bakes light colours, the lab machine's own font metrics and clashing ids into its SVG, so that it cannot follow a
/// dark screen, a screen reader or another font. Here colours are classes of the style sheet and text stays text.
/// </summary>
/// <param name="CssClass">wide, narrow or tile: the style sheet shows what fits.</param>
/// <param name="Width">Units.</param>
/// <param name="Height">Units.</param>
/// <param name="Draw">Writes what is inside.</param>
internal sealed record Drawing(string CssClass, double Width, double Height, Action<HtmlWriter> Draw)
{
    /// <summary>Width of a drawing for a desk or a page.</summary>
    public const double WideWidth = 860;

    /// <summary>Width of a drawing for a hand.</summary>
    public const double NarrowWidth = 360;

    /// <summary>The same picture laid out for both.</summary>
    public static IReadOnlyList<Drawing> Both(Func<string, double, Drawing> layOut) =>
        [layOut("wide", WideWidth), layOut("narrow", NarrowWidth)];
}
