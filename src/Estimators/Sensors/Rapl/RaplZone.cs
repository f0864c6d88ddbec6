using System.Globalization;

namespace MeterLab.Estimators.Sensors.Rapl;

/// <summary>A zone of the kernel's powercap class, as the sampler found it.</summary>
/// <param name="Number">Which of a reading's values is its; null where the account may not read it.</param>
/// <param name="Folder">Its folder's name: <c>intel-rapl:0:1</c>.</param>
/// <param name="Above">The name of the zone that it belongs to; empty for one at the top.</param>
/// <param name="RangeJ">Where its counter starts again, J; null where that cannot be read.</param>
/// <param name="Name">What it calls itself: <c>package-0</c>, <c>dram</c>.</param>
internal sealed record RaplZone(int? Number, string Folder, string Above, double? RangeJ, string Name)
{
    private const string Nothing = "-";

    /// <summary>The class of its driver: <c>intel-rapl</c>, <c>intel-rapl-mmio</c>.</summary>
    public string Driver => Folder.Split(':')[0];

    /// <summary>Its name and its package's: <c>dram of package-0</c>.</summary>
    public string Title => Above.Length == 0 ? Name : $"{Name} of {Above}";

    /// <summary>cpu for a package, ram for memory, system for the platform; null for what lies within another.</summary>
    public string? Component => Name switch
    {
        _ when Name.StartsWith("package", StringComparison.Ordinal) => "cpu",
        _ when Name.StartsWith("dram", StringComparison.Ordinal) => "ram",
        _ when Name.StartsWith("psys", StringComparison.Ordinal) => "system",
        _ => null,
    };

    /// <summary>The package that a die's zone belongs to: <c>package-0</c> of <c>package-0-die-1</c>; null for a zone that is no die's.</summary>
    public string? DieOf => Name.IndexOf("-die-", StringComparison.Ordinal) is > 0 and var at ? Name[..at] : null;

    /// <summary>Takes a line of the sampler's file; null where it describes no zone.</summary>
    public static RaplZone? Parse(string line)
    {
        var words = line.Split(' ');
        var number = 0;
        if (words.Length < 5 || words[0] is not ("zone" or "denied"))
            return null;
        var denied = words[0] == "denied";
        if (!denied && !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return null;
        var rest = words[(denied ? 1 : 2)..];
        if (rest.Length < 4)
            return null;
        double? range = double.TryParse(rest[2], NumberStyles.None, CultureInfo.InvariantCulture, out var microjoules) && microjoules > 0 ? microjoules * 1e-6 : null;
        return new RaplZone(denied ? null : number, rest[0], rest[1] == Nothing ? "" : rest[1], range, string.Join(' ', rest[3..]));
    }
}
