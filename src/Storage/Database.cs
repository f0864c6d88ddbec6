using Dapper;

using Microsoft.Data.Sqlite;

namespace MeterLab.Storage;

/// <summary>
/// One connection to the store's file, used by one caller at a time. Every statement of the stores goes through here, so
/// that each failure of SQLite leaves as a <see cref="StoreException"/>.
/// </summary>
internal sealed class Database : IDisposable
{
    /// <summary>How long a statement waits for another connection's transaction. Transactions take milliseconds; a minute of stall is a dead disk.</summary>
    private const int BusySeconds = 30;

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private SqliteTransaction? _transaction;

    static Database() => StoreJson.Register();

    private Database(SqliteConnection connection, string path)
    {
        _connection = connection;
        Path = path;
    }

    /// <summary>The file, as the user named it.</summary>
    public string Path { get; }

    /// <summary>For prepared commands of a caller that owns this database alone.</summary>
    public SqliteConnection Connection => _connection;

    /// <summary>Opens the file; with <see cref="SqliteOpenMode.ReadWriteCreate"/> creates it. Says nothing of what is inside.</summary>
    public static Database Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            ForeignKeys = true,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        var database = new Database(connection, path);
        try
        {
            database.Guard(() =>
            {
                connection.Open();
                connection.Execute($"PRAGMA busy_timeout = {BusySeconds * 1000}; PRAGMA synchronous = FULL;");
                // The first page is read only now: a file that is no database shows itself here.
                connection.ExecuteScalar<long>("PRAGMA schema_version");
                return true;
            });
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        return database;
    }

    /// <summary>Runs statements that return nothing; gives the number of rows changed.</summary>
    public int Execute(string sql, object? arguments = null) => Guard(() => _connection.Execute(sql, arguments, _transaction));

    /// <summary>Inserts one row and gives its rowid.</summary>
    public long Insert(string sql, object arguments) =>
        Guard(() => _connection.ExecuteScalar<long>(sql + "; SELECT last_insert_rowid();", arguments, _transaction));

    /// <summary>All rows of a query.</summary>
    public IReadOnlyList<T> Query<T>(string sql, object? arguments = null) =>
        Guard(() => _connection.Query<T>(sql, arguments, _transaction).AsList());

    /// <summary>The first row of a query, or the default.</summary>
    public T? First<T>(string sql, object? arguments = null) =>
        Guard(() => _connection.QueryFirstOrDefault<T>(sql, arguments, _transaction));

    /// <summary>Does all of the work or none of it. Transactions do not nest.</summary>
    public void InTransaction(Action work)
    {
        Guard(() =>
        {
            using var transaction = _connection.BeginTransaction();
            _transaction = transaction;
            try
            {
                work();
                transaction.Commit();
            }
            finally
            {
                _transaction = null;
            }

            return true;
        });
    }

    /// <summary>Runs one piece of work on the connection alone, and turns its failures into the store's own.</summary>
    public T Guard<T>(Func<T> work)
    {
        lock (_gate)
        {
            try
            {
                return work();
            }
            catch (SqliteException exception)
            {
                throw SqliteFailures.Translate(exception, Path);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _connection.Dispose();
    }
}
