using MeterLab.Storage.Migrations;
using MeterLab.TestKit;

using Microsoft.Data.Sqlite;

namespace MeterLab.Storage.Tests;

public sealed class MigratorTests : IDisposable
{
    private static readonly Migration First = Migration.Embedded[0];
    private static readonly Migration Good = new(2, "0002_good.sql", "CREATE TABLE good (id INTEGER PRIMARY KEY) STRICT;");
    private static readonly Migration Broken = new(2, "0002_broken.sql", "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; SELECT nonsense FROM nowhere;");

    private readonly StoreFolder _folder = new();

    [Fact]
    public void An_older_store_goes_forward_and_keeps_its_rows()
    {
        using var database = Database.Open(_folder.Path, SqliteOpenMode.ReadWriteCreate);
        new Migrator(database, [First]).Apply(1, "old");
        database.Execute("INSERT INTO session (boot, host, process_id, program, meterlab_version, opened_ns, opened_utc_ns) VALUES ('b', 'h', 1, 'p', 'v', 1, 1)");
        new Migrator(database, [First, Good]).Apply(2, "new");

        Assert.Equal(2, new Migrator(database, [First, Good]).Check());
        Assert.Equal(1, database.First<long>("SELECT count(*) FROM session"));
        Assert.Equal(["old", "new"], database.Query<string>("SELECT meterlab_version FROM migration ORDER BY version"));
    }

    [Fact]
    public void A_migration_that_fails_leaves_nothing_behind()
    {
        using var database = Database.Open(_folder.Path, SqliteOpenMode.ReadWriteCreate);
        Assert.Throws<StoreException>(() => new Migrator(database, [First, Broken]).Apply(1, "v"));
        Assert.Equal(1, new Migrator(database, [First]).Check());
        Assert.Equal(0, database.First<long>("SELECT count(*) FROM sqlite_schema WHERE name = 'half'"));
    }

    [Fact]
    public void A_checkout_with_carriage_returns_is_no_edit() =>
        Assert.Equal(Good.Sha256, (Good with { Sql = Good.Sql.Replace("\n", "\r\n", StringComparison.Ordinal) }).Sha256);

    [Fact]
    public void Schema_sql_is_what_the_migrations_make()
    {
        using var store = _folder.Open();
        var statements = store.Context.Database.Query<string>(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name");
        var made = "-- Made from migrations/; a test compares. METERLAB_ACCEPT=1 dotnet test --project tests/Storage.Tests writes it anew.\n\n"
            + string.Concat(statements.Select(statement => statement + ";\n\n")).TrimEnd() + "\n";
        var path = RepositoryFiles.Path("sqlite", "schema.sql");
        if (Environment.GetEnvironmentVariable("METERLAB_ACCEPT") == "1")
            File.WriteAllText(path, made);
        Assert.Equal(File.ReadAllText(path), made, ignoreLineEndingDifferences: true);
    }

    public void Dispose() => _folder.Dispose();
}
