namespace MeterLab.Cli.Rendering.Html.Plots;

/// <summary>Keeps the labels of lines that lie close to each other apart.</summary>
internal static class LabelSpread
{
    /// <summary>Units between two labels that read well.</summary>
    public const double Comfortable = 17;

    /// <summary>Units between two labels that just do not touch.</summary>
    public const double Least = 14;

    /// <summary>How many labels fit between two heights.</summary>
    public static int Fit(double top, double bottom) => Math.Max(1, (int)((bottom - top) / Least) + 1);

    /// <summary>
    /// Moves labels apart, keeping their order (ascending), so that none covers another: first down from the top, then up from the bottom. Where
    /// there is less room they move closer, down to <see cref="Least"/>; more than <see cref="Fit"/> of them do not fit.
    /// </summary>
    public static double[] Apart(double[] wanted, double top, double bottom)
    {
        var spacing = wanted.Length < 2 ? Comfortable : Math.Clamp((bottom - top) / (wanted.Length - 1), Least, Comfortable);
        for (var i = 0; i < wanted.Length; i++)
            wanted[i] = Math.Max(wanted[i], i == 0 ? top : wanted[i - 1] + spacing);
        for (var i = wanted.Length - 1; i >= 0; i--)
            wanted[i] = Math.Min(wanted[i], i == wanted.Length - 1 ? bottom : wanted[i + 1] - spacing);
        return wanted;
    }
}
