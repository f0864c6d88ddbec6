using MeterLab.Storage.Traces;

namespace MeterLab.Storage;

/// <summary>Counts what is in a store.</summary>
internal static class StoreInspector
{
    /// <summary>Spans of traces; wants GROUP BY trace.id after it.</summary>
    public const string Spans =
        """
        SELECT trace.id AS trace, meter || '/' || channel AS channel, quantity, count(sequence) AS chunks,
               coalesce(sum(count), 0) AS samples, coalesce(sum(lost_before), 0) AS lost,
               coalesce(min(first_ns), 0) AS first_ns, coalesce(max(last_ns), 0) AS last_ns,
               coalesce(sum(length(payload)), 0) AS payload_bytes
        FROM trace LEFT JOIN chunk ON chunk.trace = trace.id
        """;

    public static StoreInfo Info(Database database)
    {
        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in Tables(database))
            rows[table] = database.First<long>($"SELECT count(*) FROM \"{table}\"");
        return new StoreInfo(
            database.Path,
            (int)database.First<long>("PRAGMA user_version"),
            SizeOf(database.Path) + SizeOf(database.Path + "-wal"),
            rows,
            database.Query<TraceSpan>(Spans + " GROUP BY trace.id ORDER BY trace.id"));
    }

    // Names from the schema itself, which only our own migrations write: safe inside a statement.
    private static IReadOnlyList<string> Tables(Database database) =>
        database.Query<string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");

    private static long SizeOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }
}
