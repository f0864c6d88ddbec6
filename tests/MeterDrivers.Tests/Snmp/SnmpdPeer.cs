using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests.Snmp;

/// <summary>Net-SNMP's agent on loopback with objects that a test chose. Skips the test, with the reason, where it is not installed.</summary>
internal sealed class SnmpdPeer : IDisposable
{
    public const string Community = "lab-secret";

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private SnmpdPeer(Process process, DirectoryInfo folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <summary>Starts an agent that serves <paramref name="objects"/> (OID, type, value) below <paramref name="enterprise"/>.</summary>
    public static async Task<SnmpdPeer> StartAsync(
        int enterprise, IEnumerable<(string Oid, string Type, string Value)> objects, CancellationToken cancellationToken)
    {
        const string Agent = "/usr/sbin/snmpd";
        Assert.SkipUnless(File.Exists(Agent), "snmpd is not installed (Debian: snmpd)");
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "Python is not installed (Debian: python3)");
        var folder = Directory.CreateTempSubdirectory("meterlab-snmpd-");
        var port = FreePort();
        var table = Path.Combine(folder.FullName, "objects");
        await File.WriteAllLinesAsync(table, objects.Select(o => $"{o.Oid} {o.Type} {o.Value}"), cancellationToken);
        var script = RepositoryFiles.Path("tests", "MeterDrivers.Tests", "Snmp", "snmpd_objects.py");
        var configuration = Path.Combine(folder.FullName, "snmpd.conf");
        await File.WriteAllTextAsync(
            configuration,
            $"rocommunity {Community} 127.0.0.1\nsysDescr a rack PDU\npass_persist .1.3.6.1.4.1.{enterprise} /usr/bin/python3 {script} {table}\n",
            cancellationToken);
        var start = new ProcessStartInfo(
            Agent, ["-f", "-Lf", Path.Combine(folder.FullName, "log"), "-C", "-c", configuration, "-I", "-smux", string.Create(CultureInfo.InvariantCulture, $"udp:127.0.0.1:{port}")]);
        start.Environment["SNMP_PERSISTENT_DIR"] = folder.FullName;
        start.Environment["MIBS"] = "";
        var peer = new SnmpdPeer(Process.Start(start)!, folder, port);
        try
        {
            await peer.WaitAsync(cancellationToken);
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // It is there when it answers about sysDescr.
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        byte[] question =
        [
            0x30, 0x2B, 0x02, 0x01, 0x01, 0x04, 0x0A, .. "lab-secret"u8, 0xA0, 0x1A, 0x02, 0x02, 0x01, 0x01, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00,
            0x30, 0x0E, 0x30, 0x0C, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x02, 0x01, 0x01, 0x01, 0x00, 0x05, 0x00,
        ];
        for (var attempt = 0; attempt < 200; attempt++)
        {
            Assert.False(_process.HasExited, "snmpd ended: " + (File.Exists(Path.Combine(_folder.FullName, "log")) ? await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "log"), cancellationToken) : ""));
            using var socket = new UdpClient();
            socket.Connect(IPAddress.Loopback, Port);
            await socket.SendAsync(question, cancellationToken);
            try
            {
                await socket.ReceiveAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromMilliseconds(300), cancellationToken);
                return;
            }
            catch (Exception e) when (e is TimeoutException or SocketException)
            {
                await Task.Delay(50, cancellationToken);
            }
        }

        Assert.Fail("snmpd does not answer");
    }

    private static int FreePort()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }
}
