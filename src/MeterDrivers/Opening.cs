namespace MeterLab.MeterDrivers;

/// <summary>What all openers do with what they have just made.</summary>
internal static class Opening
{
    /// <summary>Starts it and hands it on; what does not start is closed again.</summary>
    public static async Task<T> StartAsync<T>(T opened, Func<T, CancellationToken, Task> start, CancellationToken cancellationToken)
        where T : IAsyncDisposable
    {
        try
        {
            await start(opened, cancellationToken).ConfigureAwait(false);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
