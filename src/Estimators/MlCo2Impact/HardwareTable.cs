using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

using MeterLab.Estimators.Csv;

namespace MeterLab.Estimators.MlCo2Impact;

/// <summary>What a part is in the table.</summary>
public enum HardwareKind
{
    /// <summary>a processor</summary>
    Cpu,

    /// <summary>a graphics card</summary>
    Gpu,

    /// <summary>a tensor processor; its figure is an average draw, not a rating</summary>
    Tpu,
}

/// <summary>One row of the calculator's list.</summary>
/// <param name="Name">As the list writes it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="PowerW">The listed power, W.</param>
/// <param name="Doubt">Why the figure is doubtful, in words; null where nothing is known against it.</param>
public sealed record HardwareEntry(string Name, HardwareKind Kind, double PowerW, string? Doubt);

/// <summary>
/// The hardware list of the ML CO2 Impact calculator (<c>data/gpus.csv</c> of github.com/mlco2/impact at commit d0d3ee5 of 2026-03-09),
/// kept in the program as <c>hardware.csv</c>. A name matches only as a whole: vendor words, trade marks, blanks and hyphens do not count,
/// everything else does, so that a laptop card never gets a desktop card's watts.
/// </summary>
public static partial class HardwareTable
{
    // Compared with the makers' figures; only rows for which something is known.
    private static readonly Dictionary<string, string> Doubts = new(StringComparer.Ordinal)
    {
        ["RTX 4090"] = "the list had 300 W from 2024-10-22 to 2024-12-21 and has 450 W since",
        ["GTX 750"] = "it is a card of the 55 W class",
        ["Tesla V100-PCIE-16GB"] = "it looks swapped with the SXM2 card: the maker says 250 W",
        ["Tesla V100-SXM2-16GB"] = "it looks swapped with the PCIe card: the maker says 300 W",
        ["A100 PCIe 40/80GB"] = "it merges the 40 GB card (250 W) and the 80 GB card (300 W)",
        ["Intel Xeon E5-2650"] = "it cites the v4 part; the original E5-2650 is rated 95 W",
        ["AGX Xavier"] = "it is one mode of a module, not a rating",
        ["TPUv2 Chip"] = "it is an average draw from a paper, not a rating",
        ["TPUv3 Chip"] = "it is an average draw from a paper, not a rating",
    };

    /// <summary>All rows in the order of the list.</summary>
    public static IReadOnlyList<HardwareEntry> Entries { get; } = Load();

    /// <summary>The row of a part named as its maker or <c>nvidia-smi</c> names it; null where none has exactly that name.</summary>
    public static HardwareEntry? Find(string model, HardwareKind kind)
    {
        var key = Key(model);
        return key.Length == 0 ? null : Entries.SingleOrDefault(entry => entry.Kind == kind && Key(entry.Name) == key);
    }

    // The name without what makers and tools put around it: "NVIDIA GeForce RTX 4090" and "RTX 4090" are one.
    private static string Key(string name)
    {
        var bare = Decoration().Replace(name.ToLowerInvariant(), " ");
        var key = new StringBuilder();
        foreach (var c in bare)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '/')
                key.Append(c);
        }

        return key.ToString();
    }

    [GeneratedRegex(@"\b(nvidia|geforce|intel|amd|cpu|processor)\b|\((r|tm|c)\)|@.*$|\b\d+-core\b|\d+(th|rd|nd|st) gen\b", RegexOptions.CultureInvariant)]
    private static partial Regex Decoration();

    private static HardwareEntry[] Load()
    {
        using var stream = typeof(HardwareTable).Assembly.GetManifestResourceStream("mlco2-hardware.csv")
            ?? throw new InvalidOperationException("The hardware list is missing in the program.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var table = CsvTable.Parse(bytes.ToArray()) ?? throw new InvalidOperationException("The hardware list in the program is empty.");
        var (name, type, watts) = (table.IndexOf("name"), table.IndexOf("type"), table.IndexOf("watts"));
        return [.. table.Rows.Select(row => new HardwareEntry(
            row.Fields[name],
            Enum.Parse<HardwareKind>(row.Fields[type], ignoreCase: true),
            double.Parse(row.Fields[watts], CultureInfo.InvariantCulture),
            Doubts.GetValueOrDefault(row.Fields[name])))];
    }
}
