namespace MeterLab.Storage;

/// <summary>What every store of this project works with.</summary>
/// <param name="Database">The connection for everything but chunks.</param>
/// <param name="Options">Clock, version.</param>
/// <param name="Session">The row of this writing process; 0 when reading.</param>
internal sealed record StoreContext(Database Database, StoreOptions Options, long Session)
{
    /// <summary>The lab host's UTC now, ns since 1970.</summary>
    public long UtcNs => Options.Clock.Anchor().UtcNs;
}
