using System.Text;

using MeterLab.VirtualRig.Wires;

namespace MeterLab.MeterDrivers.Tests.Serial.Telegrams;

/// <summary>A simulated serial meter on a pseudo terminal: answers commands and, where it does, pushes a telegram every 30 ms.</summary>
internal sealed class SerialDevice : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Pty _pty;
    private readonly string _model;
    private readonly List<Task> _work = [];
    private volatile bool _pushing;

    public SerialDevice(string model, string? link = null)
    {
        _model = model;
        _pty = Pty.Open(link);
        _pushing = model is "dsmr-p1" or "sml";
        _work.Add(ListenAsync());
        if (!model.StartsWith("mcp", StringComparison.Ordinal))
            _work.Add(PushAsync());
    }

    public string Path => _pty.SlavePath;

    /// <summary>So many bytes are missing in the middle of the next telegram.</summary>
    public int CutNext { get; set; }

    public string? Fault { get; set; }

    public byte Interval { get; init; } = 4;

    /// <summary>An MCP39F511N's range of its first power: 19 is 10 mW a count.</summary>
    public byte FirstRange { get; init; } = 19;

    /// <summary>Of a PowerSpy2: four hexadecimal digits.</summary>
    public string Serial { get; init; } = "0001";

    /// <summary>How often a PowerSpy2 was asked what it is.</summary>
    public int Identifications { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _pty.Dispose();
        foreach (var task in _work)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private byte[] Telegram => _model switch
    {
        "dsmr-p1" => Frames.P1,
        "sml" => Frames.Sml,
        "watts-up-pro" => Encoding.ASCII.GetBytes(Frames.WattsUp),
        _ => Encoding.ASCII.GetBytes(Frames.PowerSpy),
    };

    private async Task PushAsync()
    {
        while (true)
        {
            await Task.Delay(30, _stop.Token);
            if (!_pushing)
                continue;
            var telegram = Telegram;
            if (CutNext is > 0 and var cut)
            {
                CutNext = 0;
                telegram = [.. telegram[..20], .. telegram[(20 + cut)..]];
            }

            await _pty.WriteAsync(telegram, _stop.Token);
        }
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[256];
        var heard = new List<byte>();
        while (await _pty.ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            heard.AddRange(buffer.AsSpan(0, count));
            while (Take(heard) is { } command)
            {
                var answer = _model.StartsWith("mcp", StringComparison.Ordinal) ? Mcp(command) : Encoding.ASCII.GetBytes(Text(Encoding.ASCII.GetString(command)));
                if (answer.Length > 0)
                    await _pty.WriteAsync(answer, _stop.Token);
            }
        }
    }

    private byte[]? Take(List<byte> heard)
    {
        var length = _model.StartsWith("mcp", StringComparison.Ordinal)
            ? heard.Count >= 8 ? 8 : 0
            : heard.FindIndex(b => b is (byte)';' or (byte)'>') + 1;
        if (length == 0)
            return null;
        byte[] command = [.. heard.Take(length)];
        heard.RemoveRange(0, length);
        return command;
    }

    private string Text(string command)
    {
        switch (command)
        {
            case "#H,R,0;":
                return Frames.WattsUpHeader + "\r\n";
            case "#L,R,0;":
                _pushing = false;
                return "";
            case "#L,W,3,E,,1;":
                _pushing = true;
                return "";
            case "<Q>":
                _pushing = false;
                return "<K>\n\r";
            case "<?>":
                Identifications++;
                return $"<POWERSPYC01FF3502{Serial}>\n\r";
            case "<F>":
                return "<F4E20>\n\r";
            case "<J0032>":
                _pushing = true;
                return "<K>\n\r";
            case ['<', 'V', .. var address, '>']:
                byte[] memory = [0x6C, 0x02, 0xA7, 0x3D, 0xCE, 0xDC, 0x0E, 0x3A];
                return $"<{memory[Convert.FromHexString(address)[0] - 0x0E]:X2}>\n\r";
            default:
                return "";
        }
    }

    private byte[] Mcp(byte[] question)
    {
        byte[] data = ((question[3] << 8) | question[4]) switch
        {
            0x0004 => Frames.Mcp39f501[2..^1],
            0x00A8 => [Interval, 0],
            // Ranges of voltage, current and power: 6 is 10 mW / 8192 a count.
            0x00AE => [18, 12, FirstRange, 0],
            0x00BE => [18, 12, 6, 0],
            0x0016 => [150, 0, 0, 0, .. BitConverter.GetBytes(100 * 100 * 8192)],
            _ => [],
        };
        if (data.Length == 0 || data.Length != question[6])
            return [0x15];
        byte[] answer = [6, (byte)(data.Length + 3), .. data];
        answer = [.. answer, (byte)answer.Sum(b => b)];
        switch (Fault)
        {
            case "silent":
                return [];
            case "short":
                return answer[..7];
            case "garbage":
                return [0xA5, .. answer];
            case "sum":
                answer[5]++;
                return answer;
            default:
                return answer;
        }
    }
}
