using MeterLab.Measurement;

namespace MeterLab.Storage;

/// <summary>Why the store failed.</summary>
public enum StoreFailure
{
    /// <summary>no store, or nothing of that name in it</summary>
    NotFound,

    /// <summary>the file is there and is no MeterLab store</summary>
    NotAStore,

    /// <summary>a newer MeterLab wrote it</summary>
    NewerSchema,

    /// <summary>a migration that this store went through was edited afterwards</summary>
    ChangedMigration,

    /// <summary>the file, or a chunk in it, is damaged</summary>
    Corrupt,

    /// <summary>another process writes to it</summary>
    Locked,

    /// <summary>no space left</summary>
    DiskFull,

    /// <summary>this user may not read or write it, or it was opened for reading only</summary>
    Denied,

    /// <summary>such a row exists already, or a row that it refers to does not</summary>
    Conflict,

    /// <summary>the text holds a password; secrets are never stored</summary>
    Secret,

    /// <summary>any other failure of the file system or of SQLite</summary>
    Failed,
}

/// <summary>The store cannot do what was asked.</summary>
public sealed class StoreException(StoreFailure failure, string message, Exception? inner = null) : MeterLabException(message, inner)
{
    /// <summary>Why.</summary>
    public StoreFailure Failure { get; } = failure;
}
