using System.Security.Cryptography;
using System.Text;

namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// What stands around every program on a target: a constant script that says its process number behind a random mark on both
/// outputs, goes to the folder, sets the variables, and becomes the program. The mark makes the shell's start-up chatter
/// recognisable, and the number lets a deadline kill the whole process group.
/// </summary>
internal sealed class CommandEnvelope
{
    /// <summary>The most that start-up files may print before the program, bytes.</summary>
    public const int MaxNoise = 64 * 1024;

    private const string Script = """
        printf '%s %s\n' "$0" $$; printf '%s %s\n' "$0" $$ >&2
        cd && cd -- "$1" || { printf '%s\n' "$0" >&2; exit 126; }
        shift
        while [ "$1" != -- ]; do export "$1"; shift; done
        shift
        exec "$@"
        """;

    private readonly byte[] _mark;

    /// <summary>Wraps a program. Throws <see cref="ArgumentException"/> for an empty command or an impossible argument.</summary>
    public CommandEnvelope(IReadOnlyList<string> command, CommandOptions? options)
    {
        if (command.Count == 0 || command[0].Length == 0)
            throw new ArgumentException("a command needs a program", nameof(command));
        var mark = "meterlab-" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        _mark = Encoding.ASCII.GetBytes(mark);
        var variables = options?.Environment?.Select(pair => ShellWords.Variable(pair.Key, pair.Value)) ?? [];
        Words = ["sh", "-c", Script, mark, options?.WorkingDirectory ?? ".", .. variables, "--", .. command];
        foreach (var word in Words)
            ShellWords.CheckArgument(word);
    }

    /// <summary>The program and arguments to start instead.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>
    /// Finds the mark in what came out: the process number, and where the program's own output begins. False while it has not come.
    /// </summary>
    public bool TryOpen(ReadOnlySpan<byte> output, out int processId, out int start)
    {
        processId = start = 0;
        var at = output.IndexOf(_mark);
        if (at < 0)
            return false;
        var rest = output[(at + _mark.Length)..];
        var end = rest.IndexOf((byte)'\n');
        if (end < 2 || !int.TryParse(rest[1..end], out processId))
            return false;
        start = at + _mark.Length + end + 1;
        return true;
    }

    /// <summary>Whether the program was not started because its folder cannot be entered.</summary>
    public bool SaysNoFolder(ReadOnlySpan<byte> errorAfterMark)
    {
        Span<byte> line = [.. _mark, (byte)'\n'];
        return errorAfterMark.EndsWith(line);
    }
}
