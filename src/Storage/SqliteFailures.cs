using Microsoft.Data.Sqlite;

namespace MeterLab.Storage;

/// <summary>Turns what SQLite says into what a person can act on. Codes: sqlite.org/rescode.html.</summary>
internal static class SqliteFailures
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Constraint = 19;
    private const int NotADatabase = 26;

    public static StoreException Translate(SqliteException exception, string path) => exception.SqliteErrorCode switch
    {
        Busy or Locked => new(StoreFailure.Locked, $"{path}: another process has kept the store busy for too long; wait for it to end, then try again.", exception),
        ReadOnly => new(StoreFailure.Denied, $"{path}: the store cannot be written; it was opened for reading, or this user may not write the file and its folder.", exception),
        Corrupt => new(StoreFailure.Corrupt, $"{path}: the file is damaged ({exception.Message}).\nKeep a copy of it, and see `meterlab store verify`.", exception),
        Full => new(StoreFailure.DiskFull, $"{path}: no space left on this disk. What was committed is safe; free some space, then resume.", exception),
        CannotOpen => new(StoreFailure.Denied, $"{path}: the store cannot be opened; see that its folder exists and that this user may read and write there.", exception),
        Constraint => new(StoreFailure.Conflict, $"{path}: refused by a rule of the store ({exception.Message}).", exception),
        NotADatabase => new(StoreFailure.NotAStore, $"{path}: this is no MeterLab store; name another file with --db, or move this one away.", exception),
        _ => new(StoreFailure.Failed, $"{path}: the store failed ({exception.Message}).", exception),
    };
}
