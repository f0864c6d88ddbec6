using Microsoft.Data.Sqlite;

namespace MeterLab.Storage.Traces;

/// <summary>Writes sealed chunks and events through prepared statements on a connection of its own. Used by one thread.</summary>
internal sealed class ChunkWriter : IDisposable
{
    private readonly Database _database;
    private readonly SqliteCommand _chunk;
    private readonly SqliteCommand _event;
    private readonly byte[] _scratch = new byte[ChunkCodec.MaxSize(ChunkCodec.MaxSamples)];

    public ChunkWriter(string path, string? campaign, long session)
    {
        _database = Database.Open(path, SqliteOpenMode.ReadWrite);
        _chunk = Prepare(
            """
            INSERT INTO chunk (trace, sequence, first_ns, last_ns, count, flags, lost_before, codec, crc32c, payload)
            VALUES (@trace, @sequence, @first, @last, @count, @flags, @lost, @codec, @crc, @payload)
            """,
            ["@trace", "@sequence", "@first", "@last", "@count", "@flags", "@lost", "@codec", "@crc", "@payload"]);
        _event = Prepare(
            "INSERT INTO meter_event (campaign, session, meter, kind, host_ns, detail) VALUES (@campaign, @session, @meter, @kind, @host, @detail)",
            ["@campaign", "@session", "@meter", "@kind", "@host", "@detail"]);
        _event.Parameters[0].Value = (object?)campaign ?? DBNull.Value;
        _event.Parameters[1].Value = session;
    }

    /// <summary>Commits all of it or throws <see cref="StoreException"/>. When it returns, the disk has it (synchronous=FULL).</summary>
    public void Commit(List<SealedChunk> chunks, List<PendingEvent> events) => _database.Guard(() =>
    {
        using var transaction = _database.Connection.BeginTransaction();
        _chunk.Transaction = transaction;
        _event.Transaction = transaction;
        foreach (var chunk in chunks)
            Insert(chunk);
        foreach (var pending in events)
            Insert(pending);
        transaction.Commit();
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _chunk.Dispose();
        _event.Dispose();
        _database.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<string> names)
    {
        var command = _database.Connection.CreateCommand();
#pragma warning disable CA2100 // Both statements are constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in names)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private void Insert(in SealedChunk chunk)
    {
        var samples = chunk.Buffer.AsSpan(0, chunk.Count);
        var payload = _scratch.AsSpan(0, ChunkCodec.Encode(samples, _scratch)).ToArray();
        var extent = ChunkExtent.Of(samples);
        var values = _chunk.Parameters;
        values[0].Value = chunk.Input.Trace;
        values[1].Value = chunk.Sequence;
        values[2].Value = extent.FirstNs;
        values[3].Value = extent.LastNs;
        values[4].Value = chunk.Count;
        values[5].Value = (long)extent.Flags;
        values[6].Value = chunk.LostBefore;
        values[7].Value = ChunkCodec.Version;
        values[8].Value = (long)Crc32C.OfChunk(chunk.Input.Trace, chunk.Sequence, payload);
        values[9].Value = payload;
        _chunk.ExecuteNonQuery();
    }

    private void Insert(PendingEvent pending)
    {
        var values = _event.Parameters;
        values[2].Value = pending.Meter;
        values[3].Value = pending.Kind;
        values[4].Value = pending.HostNs;
        values[5].Value = pending.Detail;
        _event.ExecuteNonQuery();
    }
}
