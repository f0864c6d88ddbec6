namespace MeterLab.Cli.Hosting;

/// <summary>Progress on standard error, on the caller's thread and in order, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class SessionNotes(Session session) : IProgress<string>
{
    /// <inheritdoc/>
    public void Report(string value) => session.Note(value);
}
