using System.Text;

using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Serial.Telegrams;

/// <summary>An open line for text: writes, and questions whose answers end with a known character.</summary>
internal sealed class TelegramPort(IByteLink link, TimeProvider time) : DevicePort(link, time)
{
    private const int LongestAnswer = 512;
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(60);

    /// <summary>Sends text. Throws <see cref="LinkException"/>.</summary>
    public ValueTask WriteAsync(string text, CancellationToken cancellationToken) => WriteAsync(Encoding.ASCII.GetBytes(text), AnswerTime, cancellationToken);

    /// <summary>
    /// Sends text and waits for a packet from <paramref name="begin"/> to <paramref name="end"/> that begins with <paramref name="prefix"/>; others are skipped. Without
    /// the two characters at its ends. Throws <see cref="LinkException"/>.
    /// </summary>
    public async ValueTask<string> AskAsync(string text, char begin, char end, string prefix, CancellationToken cancellationToken)
    {
        await WriteAsync(text, cancellationToken).ConfigureAwait(false);
        var started = Time.GetTimestamp();
        var answer = new StringBuilder();
        var one = new byte[1];
        var inside = false;
        while (Time.GetElapsedTime(started) < AnswerTime)
        {
            if (await ReadAsync(one, AnswerTime, cancellationToken).ConfigureAwait(false) == 0)
                break;
            if (one[0] == begin)
            {
                inside = true;
                answer.Clear();
            }
            else if (one[0] == end && inside)
            {
                if (answer.ToString() is { } found && found.StartsWith(prefix, StringComparison.Ordinal))
                    return found;
                inside = false;
            }
            else if (inside && one[0] is not ((byte)'\r' or (byte)'\n'))
            {
                if (answer.Length == LongestAnswer)
                    throw new LinkException(LinkFailure.Corrupt, $"{Name}: an answer of more than {LongestAnswer} characters. Are model and baud rate right?");
                answer.Append(one[0] is >= 0x20 and < 0x7F ? (char)one[0] : '?');
            }
        }

        throw new LinkException(
            LinkFailure.TimedOut, $"{Name}: no answer to {text.Trim()} within {AnswerTime.TotalSeconds:0} s. Is the device on, and are model and baud rate right?");
    }

    /// <summary>Throws away what comes until the line is quiet. False where it does not become so.</summary>
    public ValueTask<bool> DrainAsync(CancellationToken cancellationToken) => DrainAsync(Quiet, AnswerTime, cancellationToken);
}
