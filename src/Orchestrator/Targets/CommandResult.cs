namespace MeterLab.Orchestrator.Targets;

/// <summary>How a command is run.</summary>
/// <param name="Deadline">It is killed after this.</param>
/// <param name="Input">Standard input; null gives none.</param>
/// <param name="Environment">Variables to set.</param>
/// <param name="WorkingDirectory">Where; null is the account's home.</param>
public sealed record CommandOptions(
    TimeSpan Deadline,
    ReadOnlyMemory<byte>? Input = null,
    IReadOnlyDictionary<string, string>? Environment = null,
    string? WorkingDirectory = null);

/// <summary>How a command ended. Output beyond 1 MiB a stream is cut, and said so in the text.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error);
