using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>One request: neighbouring registers that are read together, so that their values are of one moment.</summary>
/// <param name="Table">Holding or input.</param>
/// <param name="Address">The first register.</param>
/// <param name="Count">How many.</param>
/// <param name="Slots">Which fields lie in it: index into the wanted fields, and offset from <paramref name="Address"/>.</param>
internal sealed record ReadBlock(RegisterTable Table, ushort Address, int Count, IReadOnlyList<(int Field, int Offset)> Slots);

/// <summary>
/// How to read some fields of a map in few requests. Blocks begin and end with whole values, keep to the model's longest request,
/// run only across registers that the map names or that it says may be read across, and never touch what it forbids.
/// </summary>
internal static class ReadPlan
{
    // More unwanted registers than this cost more time on a slow line than a second request does.
    private const int MaxWaste = 40;

    /// <summary>The blocks in the order of tables and addresses.</summary>
    public static IReadOnlyList<ReadBlock> Build(RegisterMap map, IReadOnlyList<RegisterField> wanted)
    {
        var order = Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i].Table).ThenBy(i => wanted[i].Address).ToArray();
        var blocks = new List<ReadBlock>();
        var members = new List<int>();
        foreach (var index in order)
        {
            if (members.Count > 0 && !Fits(map, wanted, members, wanted[index]))
                Close();
            members.Add(index);
        }

        Close();
        return blocks;

        void Close()
        {
            if (members.Count == 0)
                return;
            var first = wanted[members[0]];
            var end = members.Max(i => wanted[i].End);
            blocks.Add(new ReadBlock(first.Table, first.Address, end - first.Address, [.. members.Select(i => (i, wanted[i].Address - first.Address))]));
            members.Clear();
        }
    }

    private static bool Fits(RegisterMap map, IReadOnlyList<RegisterField> wanted, List<int> members, RegisterField next)
    {
        var first = wanted[members[0]];
        var end = members.Max(i => wanted[i].End);
        return next.Table == first.Table
            && !next.Alone && !first.Alone
            && Math.Max(end, next.End) - first.Address <= map.MaxRegisters
            && next.Address - end <= MaxWaste
            && !map.Forbidden.Any(stretch => stretch.From < next.Address && stretch.To >= end)
            && LongestHole(map, next.Table, end, next.Address) <= map.MaxHole;
    }

    private static int LongestHole(RegisterMap map, RegisterTable table, int from, int to)
    {
        var longest = 0;
        var current = 0;
        for (var address = from; address < to; address++)
        {
            current = IsReadable(map, table, address) ? 0 : current + 1;
            longest = Math.Max(longest, current);
        }

        return longest;
    }

    private static bool IsReadable(RegisterMap map, RegisterTable table, int address) =>
        map.Readable.Any(stretch => stretch.From <= address && address <= stretch.To)
        || map.Fields.Any(field => field.Table == table && field.Address <= address && address < field.End);
}
