namespace MeterLab.Storage;

/// <summary>
/// One writing process a store: an advisory lock (flock(2)) on a file beside it, which the kernel takes back when the process
/// dies, however it dies. The file itself stays: removing a locked file would let two processes hold "the" lock.
/// </summary>
internal sealed class WriterLock : IDisposable
{
    private readonly FileStream _file;

    private WriterLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or gives null where another process has it.</summary>
    public static WriterLock? TryTake(string storePath)
    {
        try
        {
            return new WriterLock(new FileStream(storePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new StoreException(
                StoreFailure.Denied, $"{storePath}: the store cannot be written; see that its folder exists and that this user may write there.", exception);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
        catch (IOException exception)
        {
            throw new StoreException(StoreFailure.Failed, $"{storePath}: the lock file beside the store cannot be made ({exception.Message}).", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // On Linux the low word of HResult is the errno: EAGAIN (EWOULDBLOCK) is the answer of flock where another holds it.
    private static bool IsHeld(IOException exception) => (exception.HResult & 0xFFFF) == 11;
}
