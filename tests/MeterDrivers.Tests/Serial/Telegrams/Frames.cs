using System.Text;

namespace MeterLab.MeterDrivers.Tests.Serial.Telegrams;

/// <summary>Sound frames of each serial protocol, made by other means than the drivers': golden ones, and builders that share no code with a decoder.</summary>
internal static class Frames
{
    /// <summary>230.702 V, 0.78317 A, 171.140 W with scales 0.0815476 and 0.000544977.</summary>
    public const string PowerSpy = "<007A1FCA 001F82FB 003AC29C 0FA9 0AB5>\n\r";

    /// <summary>12.4 W, 119.1 V, 0.097 A.</summary>
    public const string WattsUp = "#d,-,18,124,1191,97,0,_,_,_,124,1191,97,124,1191,97,100,_,_,600,116;";

    public const string WattsUpHeader = "#h,-,18,W,V,A,WH,Cost,WH/Mo,Cost/Mo,Wmax,Vmax,Amax,Wmin,Vmin,Amin,PF,DC,PC,Hz,VA;";

    private const string P1Body =
        "/ISK5\\2M550T-1012\r\n\r\n1-3:0.2.8(50)\r\n0-0:1.0.0(240101120000W)\r\n1-0:1.8.1(012345.678*kWh)\r\n1-0:1.8.2(000001.000*kWh)\r\n1-0:2.8.1(000000.500*kWh)\r\n"
        + "1-0:2.8.2(000000.000*kWh)\r\n0-0:96.14.0(0002)\r\n1-0:1.7.0(00.193*kW)\r\n1-0:2.7.0(00.000*kW)\r\n1-0:32.7.0(230.1*V)\r\n1-0:31.7.0(001*A)\r\n1-0:21.7.0(00.000*kW)\r\n"
        + "1-0:22.7.0(01.250*kW)\r\n0-1:24.2.1(240101115500W)(00012.345*m3)\r\n!";

    /// <summary>193 W drawn, 1250 W given back on l1.</summary>
    public static byte[] P1 { get; } = P1Of(P1Body);

    /// <summary>Without a sum, as versions 2 and 3 send it.</summary>
    public static byte[] P1WithoutSum { get; } = Encoding.ASCII.GetBytes(P1Body + "\r\n");

    /// <summary>-123.4 W, 5000.1 Wh; one value holds four bytes 1B, which travel doubled.</summary>
    public static byte[] Sml { get; } = SmlOf(-1234);

    /// <summary>The golden answer of an MCP39F501: 0.6350 A, 229.0 V, 143.94 W, power factor 0.9938, 50.842 Hz.</summary>
    public static byte[] Mcp39f501 { get; } = Convert.FromHexString("0619CE180000F2083A3800006600000093380000367F9AC6B7");

    /// <summary>A telegram with its sum, worked out bit by bit.</summary>
    public static byte[] P1Of(string body)
    {
        var bytes = Encoding.ASCII.GetBytes(body);
        return [.. bytes, .. Encoding.ASCII.GetBytes($"{Crc(bytes, 0xA001, 0):X4}\r\n")];
    }

    public static byte[] SmlOf(int tenthsOfWatts)
    {
        byte[] entries =
        [
            // 1-0:96.1.0 (an identity with four 1B in it), 1-0:1.8.0 in 0.1 Wh, 1-0:16.7.0 in 0.1 W, 1-0:32.7.0 in 0.1 V.
            0x77, 7, 1, 0, 96, 1, 0, 0xFF, 1, 1, 1, 1, 0x09, 1, 2, 3, 0x1B, 0x1B, 0x1B, 0x1B, 9, 1,
            0x77, 7, 1, 0, 1, 8, 0, 0xFF, 0x65, 0, 0, 1, 0x80, 1, 0x62, 0x1E, 0x52, 0xFF, 0x59, 0, 0, 0, 0, 0, 0, 0xC3, 0x51, 1,
            0x77, 7, 1, 0, 16, 7, 0, 0xFF, 1, 1, 0x62, 0x1B, 0x52, 0xFF, 0x55, (byte)(tenthsOfWatts >> 24), (byte)(tenthsOfWatts >> 16), (byte)(tenthsOfWatts >> 8), (byte)tenthsOfWatts, 1,
            0x77, 7, 1, 0, 32, 7, 0, 0xFF, 1, 1, 0x62, 0x23, 0x52, 0xFF, 0x63, 0x09, 0x02, 1,
        ];
        byte[] list = [0x77, 1, 0x0B, 10, 1, 69, 77, 72, 0, 0, 0, 0, 1, 1, 0x72, 0x62, 1, 0x65, 0, 0, 0, 9, 0x74, .. entries, 1, 1];
        byte[] file = [0x76, 5, 0, 0, 0, 1, 0x62, 0, 0x62, 0, 0x72, 0x63, 0x07, 0x01, .. list, 0x63, 0, 0, 0];
        var fill = (4 - file.Length % 4) % 4;
        var escaped = new List<byte>();
        for (var i = 0; i < file.Length; i++)
        {
            escaped.Add(file[i]);
            if (i >= 3 && i % 4 == 3 && file.AsSpan(i - 3, 4).SequenceEqual(new byte[] { 0x1B, 0x1B, 0x1B, 0x1B }))
                escaped.AddRange([0x1B, 0x1B, 0x1B, 0x1B]);
        }

        byte[] sent = [0x1B, 0x1B, 0x1B, 0x1B, 1, 1, 1, 1, .. escaped, .. new byte[fill], 0x1B, 0x1B, 0x1B, 0x1B, 0x1A, (byte)fill];
        var sum = Crc(sent, 0x8408, 0xFFFF) ^ 0xFFFF;
        return [.. sent, (byte)sum, (byte)(sum >> 8)];
    }

    private static int Crc(byte[] bytes, int polynomial, int first)
    {
        var sum = first;
        foreach (var next in bytes)
        {
            sum ^= next;
            for (var bit = 0; bit < 8; bit++)
                sum = (sum & 1) != 0 ? (sum >> 1) ^ polynomial : sum >> 1;
        }

        return sum;
    }
}
