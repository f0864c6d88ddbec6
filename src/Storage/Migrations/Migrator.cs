using System.Globalization;

namespace MeterLab.Storage.Migrations;

/// <summary>
/// Brings a file to the newest schema, forward only, each migration in a transaction of its own. The version is the file's
/// user_version; the table <c>migration</c> keeps the hash of every script that ran, so that an edited one is noticed.
/// </summary>
internal sealed class Migrator(Database database, IReadOnlyList<Migration> migrations)
{
    /// <summary>"MLAB": marks the file as a MeterLab store (PRAGMA application_id).</summary>
    public const int ApplicationId = 0x4D4C4142;

    /// <summary>The version of the file; 0 for an empty one. Throws for a file that is no store, of a newer program, or with an edited past.</summary>
    public int Check()
    {
        if (database.First<long>("SELECT count(*) FROM sqlite_schema") == 0)
            return 0;
        if (database.First<long>("PRAGMA application_id") != ApplicationId)
            throw new StoreException(StoreFailure.NotAStore, $"{database.Path}: this is an SQLite file of another program, not a MeterLab store; name another file with --db.");
        var version = (int)database.First<long>("PRAGMA user_version");
        if (version > migrations.Count)
        {
            throw new StoreException(
                StoreFailure.NewerSchema,
                $"{database.Path}: a newer MeterLab wrote this store (schema {version}; this program knows {migrations.Count}).\nUse that version, or name another file with --db.");
        }

        CheckHistory(version);
        return version;
    }

    /// <summary>Applies what is missing.</summary>
    public void Apply(long utcNs, string meterlabVersion)
    {
        var version = Check();
        // A database-wide setting that is kept in the file; it cannot be changed inside a transaction.
        var journal = database.First<string>("PRAGMA journal_mode = WAL");
        if (journal != "wal")
            throw new StoreException(StoreFailure.Failed, $"{database.Path}: this file system cannot hold a store (no write-ahead log: journal mode {journal}); choose a local disk.");
        foreach (var migration in migrations.Skip(version))
        {
            database.InTransaction(() =>
            {
                database.Execute(migration.Sql);
                database.Execute(
                    "INSERT INTO migration (version, name, sha256, applied_utc_ns, meterlab_version) VALUES (@Version, @Name, @Sha256, @utcNs, @meterlabVersion)",
                    new { migration.Version, migration.Name, migration.Sha256, utcNs, meterlabVersion });
                // Pragmas take no parameters; both values are integers of this program.
                database.Execute(string.Create(
                    CultureInfo.InvariantCulture, $"PRAGMA user_version = {migration.Version}; PRAGMA application_id = {ApplicationId};"));
            });
        }
    }

    private void CheckHistory(int version)
    {
        var applied = database.Query<Applied>("SELECT version, name, sha256 FROM migration ORDER BY version");
        if (applied.Count != version)
            throw new StoreException(StoreFailure.Corrupt, $"{database.Path}: the store says schema {version} and lists {applied.Count} migrations; it is damaged.");
        foreach (var row in applied)
        {
            var known = migrations[(int)row.Version - 1];
            if (known.Sha256 != row.Sha256)
            {
                throw new StoreException(
                    StoreFailure.ChangedMigration,
                    $"{database.Path}: migration {row.Name} was edited after this store went through it.\nRestore that file as it was released; changes belong in a new migration.");
            }
        }
    }

    private sealed record Applied
    {
        public long Version { get; init; }
        public required string Name { get; init; }
        public required string Sha256 { get; init; }
    }
}
