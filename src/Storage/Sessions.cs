using Microsoft.Data.Sqlite;

using NodaTime;
using NodaTime.Text;

namespace MeterLab.Storage;

/// <summary>The rows that say who had the store open for writing.</summary>
internal static class Sessions
{
    private static readonly InstantPattern Time = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss'Z'");

    public static long Open(Database database, StoreOptions options)
    {
        var now = options.Clock.Anchor();
        return database.Insert(
            """
            INSERT INTO session (boot, host, process_id, program, meterlab_version, opened_ns, opened_utc_ns)
            VALUES (@Boot, @host, @processId, @Program, @Version, @MonotonicNs, @UtcNs)
            """,
            new
            {
                options.Boot, host = Environment.MachineName, processId = Environment.ProcessId, options.Program, options.Version, now.MonotonicNs, now.UtcNs,
            });
    }

    public static void Close(StoreContext context) =>
        context.Database.Execute("UPDATE session SET closed_utc_ns = @UtcNs WHERE id = @Session", new { context.UtcNs, context.Session });

    /// <summary>What to tell a process that finds the store locked: who holds it, as far as the rows tell.</summary>
    public static StoreException LockedBy(string path)
    {
        const string advice = "Wait until it ends, or stop it; reading commands work meanwhile.";
        Holder? holder;
        try
        {
            using var database = Database.Open(path, SqliteOpenMode.ReadOnly);
            holder = database.First<Holder>("SELECT host, process_id, program, opened_utc_ns FROM session WHERE closed_utc_ns IS NULL ORDER BY id DESC LIMIT 1");
        }
        catch (StoreException exception)
        {
            // Just being created: there is no row to read yet, and the lock alone says enough.
            return new StoreException(StoreFailure.Locked, $"{path}: another process is writing to this store.\n{advice}", exception);
        }

        var who = holder is null
            ? "another process"
            : $"{holder.Program} (process {holder.ProcessId} on {holder.Host}, since {Time.Format(Instant.FromUnixTimeTicks(holder.OpenedUtcNs / 100))})";
        return new StoreException(StoreFailure.Locked, $"{path}: {who} is writing to this store.\n{advice}");
    }

    private sealed record Holder
    {
        public required string Host { get; init; }
        public required long ProcessId { get; init; }
        public required string Program { get; init; }
        public required long OpenedUtcNs { get; init; }
    }
}
