using System.Text;

namespace MeterLab.Cli.Rendering.Html.Plots;

/// <summary>
/// Colour, marker and dash of each estimator, the same in every figure. The colours are those of Okabe and Ito (2008), told
/// apart by people with any colour vision; shape and dash say the same a second time, for print.
/// </summary>
internal sealed class Palette(IReadOnlyList<string> estimators)
{
    private static readonly string?[] Dashes = [null, "7 3", "2 3", "9 3 2 3"];

    /// <summary>The estimators in the order in which the key shows them.</summary>
    public IReadOnlyList<string> Estimators { get; } = estimators;

    /// <summary>The style number of an estimator.</summary>
    public int StyleOf(string estimator)
    {
        for (var i = 0; i < Estimators.Count; i++)
        {
            if (Estimators[i] == estimator)
                return i;
        }

        return Estimators.Count;
    }

    /// <summary>The class of the style sheet that sets the colour.</summary>
    public static string ColourOf(int style) => "e" + Figures.Whole((style % 6) + 1);

    /// <summary>The dash pattern of the estimator's line.</summary>
    public static string? DashOf(int style) => Dashes[style % Dashes.Length];

    /// <summary>Adds the estimator's marker to a path.</summary>
    public static void Marker(StringBuilder path, int style, double x, double y, double r)
    {
        path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{Figures.At(x)} {Figures.At(y)}");
        var (one, two) = (Figures.At(r), Figures.At(2 * r));
        path.Append((style % 4) switch
        {
            0 => $"m-{one} 0a{one} {one} 0 1 0 {two} 0a{one} {one} 0 1 0-{two} 0z",
            1 => $"m-{one}-{one}h{two}v{two}h-{two}z",
            2 => $"m0-{Figures.At(1.15 * r)}l{Figures.At(1.2 * r)} {two}h-{Figures.At(2.4 * r)}z",
            _ => $"m0-{Figures.At(1.3 * r)}l{Figures.At(1.3 * r)} {Figures.At(1.3 * r)}-{Figures.At(1.3 * r)} {Figures.At(1.3 * r)}-{Figures.At(1.3 * r)}-{Figures.At(1.3 * r)}z",
        });
    }
}
