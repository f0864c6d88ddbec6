using MeterLab.Storage.Migrations;

using Microsoft.Data.Sqlite;

namespace MeterLab.Storage.Tests;

public sealed class StoreOpeningTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    [Fact]
    public void A_new_store_has_the_newest_schema_and_opens_again()
    {
        using (var created = _folder.OpenWithCampaign())
            Assert.Equal(Migration.Embedded.Count, created.Info().Schema);
        using var again = Store.OpenExisting(_folder.Path, _folder.Options);
        Assert.Equal(StoreFolder.Campaign, again.Campaigns.Get("demo").Id);
        Assert.Equal(Migration.Embedded.Count, again.Info().Rows["migration"]);
    }

    [Fact]
    public void A_store_writes_ahead_syncs_fully_and_enforces_references()
    {
        using var store = _folder.Open();
        var database = store.Context.Database;
        Assert.Equal("wal", database.First<string>("PRAGMA journal_mode"));
        Assert.Equal(2, database.First<long>("PRAGMA synchronous"));
        Assert.Equal(1, database.First<long>("PRAGMA foreign_keys"));
        Assert.True(database.First<long>("PRAGMA busy_timeout") >= 5000);
    }

    [Theory]
    [InlineData("INSERT INTO run (id, campaign, plan_order, target, workload, parameters, repetition, state, record) VALUES ('r', 'demo-20260101T000000Z', 'first', 't', 'w', '{}', 1, 'planned', '{}')")]
    [InlineData("INSERT INTO run (id, campaign, plan_order, target, workload, parameters, repetition, state, record) VALUES ('r', 'demo-20260101T000000Z', 9, 't', 'w', 'no json', 1, 'planned', '{}')")]
    [InlineData("INSERT INTO run (id, campaign, plan_order, target, workload, parameters, repetition, state, record) VALUES ('r', 'nowhere', 9, 't', 'w', '{}', 1, 'planned', '{}')")]
    [InlineData("INSERT INTO run (id, campaign, plan_order, target, workload, parameters, repetition, state, record) VALUES ('r', 'demo-20260101T000000Z', 9, 't', 'w', '{}', 1, 'finished', '{}')")]
    public void The_schema_refuses_wrong_types_broken_json_strangers_and_runs_without_outcome(string sql)
    {
        using var store = _folder.OpenWithCampaign();
        Assert.Equal(StoreFailure.Conflict, Assert.Throws<StoreException>(() => store.Context.Database.Execute(sql)).Failure);
    }

    [Fact]
    public void Every_table_is_strict()
    {
        using var store = _folder.Open();
        Assert.Empty(store.Context.Database.Query<string>("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'"));
    }

    [Fact]
    public void A_second_writer_is_told_who_writes_and_may_read()
    {
        using var store = _folder.OpenWithCampaign();
        var refusal = Assert.Throws<StoreException>(_folder.Open);
        Assert.Equal(StoreFailure.Locked, refusal.Failure);
        Assert.Contains($"meterlab test (process {Environment.ProcessId} on ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("since 2023-11-14T22:30:00Z", refusal.Message, StringComparison.Ordinal);

        using var reader = Store.OpenForReading(_folder.Path, _folder.Options);
        Assert.Single(reader.Campaigns.List());
        var denied = Assert.Throws<StoreException>(() => reader.Campaigns.Add(StoreFolder.NewCampaign("x", "x")));
        Assert.Equal(StoreFailure.Denied, denied.Failure);
    }

    [Fact]
    public void The_lock_is_free_again_after_the_writer()
    {
        _folder.Open().Dispose();
        _folder.Open().Dispose();
    }

    [Fact]
    public void A_missing_store_is_not_made_by_looking_at_it()
    {
        Assert.Equal(StoreFailure.NotFound, Assert.Throws<StoreException>(() => Store.OpenForReading(_folder.Path, _folder.Options)).Failure);
        Assert.Equal(StoreFailure.NotFound, Assert.Throws<StoreException>(() => Store.OpenExisting(_folder.Path, _folder.Options)).Failure);
        Assert.False(File.Exists(_folder.Path));
    }

    [Fact]
    public void A_store_in_a_missing_folder_is_refused_in_words()
    {
        var refusal = Assert.Throws<StoreException>(() => Store.Open(Path.Combine(_folder.Folder, "no", "lab.db"), _folder.Options));
        Assert.Equal(StoreFailure.Denied, refusal.Failure);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_alone()
    {
        var text = string.Concat(Enumerable.Repeat("time,active_power_w\n", 100));
        File.WriteAllText(_folder.Path, text);
        Assert.Equal(StoreFailure.NotAStore, Assert.Throws<StoreException>(_folder.Open).Failure);
        Assert.Equal(text, File.ReadAllText(_folder.Path));
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        using (var stranger = Database.Open(_folder.Path, SqliteOpenMode.ReadWriteCreate))
            stranger.Execute("CREATE TABLE recipe (name TEXT)");
        Assert.Equal(StoreFailure.NotAStore, Assert.Throws<StoreException>(_folder.Open).Failure);
    }

    [Fact]
    public void A_newer_schema_is_refused_with_both_versions()
    {
        _folder.Open().Dispose();
        _folder.Tamper("PRAGMA user_version = 99");
        var refusal = Assert.Throws<StoreException>(_folder.Open);
        Assert.Equal(StoreFailure.NewerSchema, refusal.Failure);
        Assert.Contains($"schema 99; this program knows {Migration.Embedded.Count}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(StoreFailure.NewerSchema, Assert.Throws<StoreException>(() => Store.OpenForReading(_folder.Path, _folder.Options)).Failure);
    }

    [Fact]
    public void An_edited_migration_is_refused_by_name()
    {
        _folder.Open().Dispose();
        _folder.Tamper("UPDATE migration SET sha256 = 'edited' WHERE version = 1");
        var refusal = Assert.Throws<StoreException>(_folder.Open);
        Assert.Equal(StoreFailure.ChangedMigration, refusal.Failure);
        Assert.Contains("0001_first.sql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_called_by_its_name()
    {
        using var store = _folder.OpenWithCampaign();
        var pages = store.Context.Database.First<long>("PRAGMA page_count");
        store.Context.Database.First<long>($"PRAGMA max_page_count = {pages}");
        var refusal = Assert.Throws<StoreException>(() => store.Outputs.Add(StoreFolder.Run, "codecarbon", "emissions.csv", new byte[100_000]));
        Assert.Equal(StoreFailure.DiskFull, refusal.Failure);
    }

    public void Dispose() => _folder.Dispose();
}
