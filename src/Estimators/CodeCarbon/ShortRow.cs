using MeterLab.Estimators.Csv;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>
/// Puts the fields back that CodeCarbon 3.2.9 and 3.3.0 leave out when they append a row: columns whose value is empty in the new row are
/// dropped and the rest shifts left (mlco2/codecarbon issue 1304, fixed after 3.3.0). Only the place columns and the GPU columns can be
/// empty that way; a repair counts only if every field then fits its column.
/// </summary>
internal static class ShortRow
{
    // Longitude and latitude come and go together. The order is the order of trial: without a network all three place columns are
    // missing, with a region two of them, and the GPU columns only where older code left them empty.
    private static readonly string[][] Droppable =
    [
        [CodeCarbonColumns.Longitude, CodeCarbonColumns.Latitude],
        [CodeCarbonColumns.Region],
        [CodeCarbonColumns.GpuModel],
        [CodeCarbonColumns.GpuCount],
    ];

    /// <summary>The row with empty fields put back, and the columns they stand in; null where no way of doing so fits.</summary>
    public static (IReadOnlyList<string> Fields, IReadOnlyList<string> Missing)? Repair(CsvTable table, IReadOnlyList<string> fields)
    {
        var groups = Droppable.Where(group => group.All(column => table.IndexOf(column) >= 0)).ToArray();
        for (var choice = 1; choice < 1 << groups.Length; choice++)
        {
            var missing = groups.Where((_, i) => (choice & (1 << i)) != 0).SelectMany(group => group).ToHashSet();
            if (fields.Count + missing.Count != table.Header.Count)
                continue;
            var whole = PutBack(table.Header, fields, missing);
            if (Fits(table.Header, whole, 0, whole.Count))
                return (whole, [.. table.Header.Where(missing.Contains)]);
        }

        return null;
    }

    /// <summary>
    /// Whether the head of the row (up to the country) and its tail (from on_cloud, which brings the PUE) can be trusted by position
    /// although the middle cannot be repaired.
    /// </summary>
    public static bool EndsAreSafe(CsvTable table, IReadOnlyList<string> fields)
    {
        var head = table.IndexOf(CodeCarbonColumns.Country) + 1;
        var tail = table.Header.Count - table.IndexOf(CodeCarbonColumns.OnCloud);
        var missing = table.Header.Count - fields.Count;
        return head > 0 && missing > 0 && fields.Count >= head + tail
            && Fits(table.Header, fields, 0, head)
            && Fits([.. table.Header.Skip(missing)], fields, fields.Count - tail, fields.Count);
    }

    /// <summary>The row stretched to the header's length in the middle, so that its head and tail stand in their columns.</summary>
    public static IReadOnlyList<string> Stretch(CsvTable table, IReadOnlyList<string> fields)
    {
        var head = table.IndexOf(CodeCarbonColumns.Country) + 1;
        var tail = table.Header.Count - table.IndexOf(CodeCarbonColumns.OnCloud);
        var middle = Enumerable.Repeat("", table.Header.Count - head - tail);
        return [.. fields.Take(head), .. middle, .. fields.Skip(fields.Count - tail)];
    }

    private static bool Fits(IReadOnlyList<string> header, IReadOnlyList<string> fields, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (!CodeCarbonColumns.Accepts(header[i], fields[i]))
                return false;
        }

        return true;
    }

    private static List<string> PutBack(IReadOnlyList<string> header, IReadOnlyList<string> fields, HashSet<string> missing)
    {
        var next = 0;
        return [.. header.Select(column => missing.Contains(column) ? "" : fields[next++])];
    }
}
