namespace MeterLab.MeterDrivers.Fields;

/// <summary>A device that is set by commands in text.</summary>
internal interface IAskedDevice : IFieldDevice
{
    /// <summary>The answer to a question, without a header. Throws <see cref="LinkException"/>.</summary>
    Task<string> AskAsync(string question, CancellationToken cancellationToken);

    /// <summary>Sends a command that has no answer. Throws <see cref="LinkException"/>.</summary>
    Task TellAsync(string command, CancellationToken cancellationToken);
}
