using MeterLab.Storage.Campaigns;
using MeterLab.Storage.Clocks;
using MeterLab.Storage.Meters;
using MeterLab.Storage.Migrations;
using MeterLab.Storage.Results;
using MeterLab.Storage.Traces;

using Microsoft.Data.Sqlite;

namespace MeterLab.Storage;

/// <summary>
/// The lab's memory: one SQLite file in write-ahead mode with synchronous=FULL. One process writes at a time; any number read
/// beside it. Methods may be called from any thread, take milliseconds, and throw <see cref="StoreException"/>.
/// </summary>
public sealed class Store : IDisposable
{
    private readonly WriterLock? _lock;
    private readonly Database _database;
    private readonly StoreContext _context;

    private Store(Database database, StoreOptions options, WriterLock? writerLock)
    {
        _database = database;
        _lock = writerLock;
        var session = writerLock is null ? 0 : Sessions.Open(database, options);
        _context = new StoreContext(database, options, session);
        Campaigns = new CampaignStore(_context);
        Runs = new RunStore(_context);
        Steps = new StepStore(_context);
        Notes = new NoteStore(_context);
        Findings = new FindingStore(_context);
        Traces = new TraceStore(_context);
        Pruning = new TracePruning(_context, Findings);
        Clocks = new ClockStore(_context);
        Meters = new MeterLog(_context);
        Outputs = new EstimatorOutputStore(_context);
        Results = new ResultStore(_context);
        Baselines = new BaselineStore(_context);
    }

    /// <summary>The file, as the user named it.</summary>
    public string Path => _database.Path;

    /// <summary>Campaigns.</summary>
    public CampaignStore Campaigns { get; }

    /// <summary>Runs.</summary>
    public RunStore Runs { get; }

    /// <summary>Steps: what a killed process resumes from.</summary>
    public StepStore Steps { get; }

    /// <summary>Notes and exclusions by hand.</summary>
    public NoteStore Notes { get; }

    /// <summary>Findings made while measuring.</summary>
    public FindingStore Findings { get; }

    /// <summary>Recorded samples.</summary>
    public TraceStore Traces { get; }

    /// <summary>Removes samples on a person's word.</summary>
    public TracePruning Pruning { get; }

    /// <summary>Anchors, observations and maps.</summary>
    public ClockStore Clocks { get; }

    /// <summary>Events on meters' wires, and their settings.</summary>
    public MeterLog Meters { get; }

    /// <summary>Files that estimators wrote.</summary>
    public EstimatorOutputStore Outputs { get; }

    /// <summary>Documents that were worked out.</summary>
    public ResultStore Results { get; }

    /// <summary>Idle power of targets.</summary>
    public BaselineStore Baselines { get; }

    /// <summary>The connection and the stamps, for the stores of this project.</summary>
    internal StoreContext Context => _context;

    /// <summary>
    /// Opens the store for writing, creates it where there is none and brings an older one to the newest schema.
    /// Throws where another process writes to it, saying which.
    /// </summary>
    public static Store Open(string path, StoreOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        var writerLock = WriterLock.TryTake(path) ?? throw Sessions.LockedBy(path);
        Database? database = null;
        try
        {
            database = Database.Open(path, SqliteOpenMode.ReadWriteCreate);
            new Migrator(database, Migration.Embedded).Apply(options.Clock.Anchor().UtcNs, options.Version);
            return new Store(database, options, writerLock);
        }
        catch
        {
            database?.Dispose();
            writerLock.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="Open"/>, and throws where there is no file.</summary>
    public static Store OpenExisting(string path, StoreOptions options)
    {
        MustExist(path);
        return Open(path, options);
    }

    /// <summary>
    /// Opens an existing store for reading, beside a process that may be writing to it. A store of an older schema is brought
    /// to the newest first.
    /// </summary>
    public static Store OpenForReading(string path, StoreOptions options)
    {
        MustExist(path);
        ArgumentNullException.ThrowIfNull(options);
        var database = Database.Open(path, SqliteOpenMode.ReadOnly);
        try
        {
            var version = new Migrator(database, Migration.Embedded).Check();
            if (version < Migration.Embedded.Count)
            {
                database.Dispose();
                Open(path, options).Dispose();
                database = Database.Open(path, SqliteOpenMode.ReadOnly);
            }

            return new Store(database, options, writerLock: null);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Schema, size, rows a table, traces with their spans.</summary>
    public StoreInfo Info() => StoreInspector.Info(_database);

    /// <summary>
    /// Checks the file (PRAGMA integrity_check, foreign keys), every chunk's checksum, content and order, and every estimator
    /// file's hash. Reads everything: seconds a gigabyte.
    /// </summary>
    public StoreVerification Verify(CancellationToken cancellationToken) => new StoreVerifier(_database).Run(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (_lock is not null && _context.Session != 0)
                Sessions.Close(_context);
        }
        catch (StoreException)
        {
            // A full or broken disk: whatever mattered has been refused aloud before. The session's row stays open, as a killed
            // process leaves it, and the lock must be given back all the same.
        }
        finally
        {
            _database.Dispose();
            _lock?.Dispose();
        }
    }

    private static void MustExist(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new StoreException(StoreFailure.NotFound, $"{path}: there is no store; `meterlab demo` or `meterlab campaign run` makes one, --db names another.");
    }
}
