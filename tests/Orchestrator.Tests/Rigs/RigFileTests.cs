using MeterLab.Measurement;
using MeterLab.Measurement.Energy;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Rigs;

public sealed class RigFileTests
{
    private const string Whole =
        """
        rig: bench-1
        store: data/lab.db
        known-hosts: known_hosts
        meters:
          wall: { uri: "modbus-tcp://10.0.0.20:502/1?model=eastron-sdm230", interval: 200ms }
          gpu12v:
            uri: "i2c://1/0x40?model=ina228&shunt=0.5mohm&max-current=40A"
            interval: 10ms
            ct-ratio: 2
            accuracy: { active-power: { reading: 0.2%, absolute: 0.05W } }
            certificate: { number: K-1234, date: 2026-03-01, gain: 1.0012, uncertainty: 0.05% }
            role: check
        targets:
          node1:
            ssh: lab@10.0.0.31:2222
            identity: ~/.ssh/id_ed25519
            host-key: "SHA256:uNiVztksCsDhcc0u9e8BrLJdiyrgYhFcTUuzrJOTDGY"
            fed-by:
              - { channel: wall/total, scope: wall-ac }
              - { channel: gpu12v/ch1, scope: gpu-dc }
            hardware: { cpu: "Intel Core i9-13900K", cpu-power: 125W, gpus: [ { model: "NVIDIA GeForce RTX 4090", power: 300W } ], memory: 64GiB }
            estimators: [ml-co2-impact, { codecarbon: { command: /opt/cc/bin/codecarbon, interval: 1s } }]
            grid-intensity: 380g/kWh
          here: { local: true }
          play: { virtual: node }
        limits: { coverage: 98%, longest-gap: 4 }
        """;

    private static readonly string Folder = Path.GetTempPath();

    [Fact]
    public void The_contracts_example_is_read_with_every_key()
    {
        var rig = RigFile.Parse(Whole, Path.Combine(Folder, "rig.yaml"));

        Assert.Equal("bench-1", rig.Name);
        Assert.Equal(Path.Combine(Folder, "data/lab.db"), rig.StorePath);
        Assert.Equal(Path.Combine(Folder, "known_hosts"), rig.KnownHostsPath);
        Assert.Equal(new ValidityLimits { Coverage = 0.98, LongestGap = 4 }, rig.Limits);
        var gpu = rig.FindMeter("gpu12v")!;
        Assert.Equal("ina228", gpu.Uri.Model);
        Assert.Equal(TimeSpan.FromMilliseconds(10), gpu.Interval);
        Assert.Equal(MeterRole.Check, gpu.Role);
        Assert.Equal(1.0012, gpu.Certificate!.Gain);
        Assert.Equal(0.0005, gpu.Certificate.Uncertainty, 12);
        Assert.Equal(new AccuracyLimit { ReadingPercent = 0.2, Absolute = 0.05 }, gpu.Accuracy[Quantity.ActivePower]);
        var node = rig.FindTarget("node1")!;
        var ssh = Assert.IsType<SshReach>(node.Reach);
        Assert.Equal(("lab", "10.0.0.31", 2222), (ssh.Address.User, ssh.Address.Host, ssh.Address.Port));
        Assert.EndsWith("/.ssh/id_ed25519", ssh.IdentityPath!, StringComparison.Ordinal);
        Assert.DoesNotContain('~', ssh.IdentityPath!);
        Assert.Equal(new Feed(new ChannelId("gpu12v", "ch1"), Scope.GpuDc), node.FedBy[1]);
        Assert.Equal(125, node.Hardware.Cpu!.PowerW);
        Assert.Equal(64.0 * (1L << 30), node.Hardware.MemoryBytes);
        Assert.Equal(["ml-co2-impact", "codecarbon"], node.Estimators.Select(estimator => estimator.Name));
        Assert.Equal(("/opt/cc/bin/codecarbon", 1.0), (node.Estimators[1].Settings.Command, node.Estimators[1].Settings.IntervalS));
        Assert.Equal(0.38 / 3.6e6, node.GridIntensity!.KgPerJoule!.Value, 15);
        Assert.IsType<LocalReach>(rig.FindTarget("here")!.Reach);
        Assert.Equal(new VirtualReach("node"), rig.FindTarget("play")!.Reach);
    }

    [Theory]
    [InlineData("interval: 200ms", "intervall: 200ms", 5, "meters.wall.intervall", "did you mean 'interval'?")]
    [InlineData("interval: 200ms", "interval: 200", 5, "meters.wall.interval", "has no unit; write for instance 200s")]
    [InlineData("interval: 200ms", "interval: 200W", 5, "meters.wall.interval", "'W' is not a unit of time")]
    [InlineData("interval: 200ms", "interval: 0s", 5, "meters.wall.interval", "out of range")]
    [InlineData("interval: 200ms", "interval: [200ms]", 5, "meters.wall.interval", "a single value is wanted here, not a list")]
    [InlineData("modbus-tcp://10.0.0.20:502/1", "10.0.0.20", 5, "meters.wall.uri", "is no meter address")]
    [InlineData("  wall: {", "  Wall: {", 5, "meters.Wall", "lower-case letters")]
    [InlineData("ct-ratio: 2", "ct-ratio: 2A", 9, "meters.gpu12v.ct-ratio", "a number is wanted here, not '2A'")]
    [InlineData("absolute: 0.05W", "absolute: 0.05", 10, "meters.gpu12v.accuracy.active-power.absolute", "has no unit")]
    [InlineData("active-power: { reading", "aktive-power: { reading", 10, "meters.gpu12v.accuracy.aktive-power", "did you mean 'active-power'?")]
    [InlineData("gain: 1.0012", "gain: 100.12", 11, "meters.gpu12v.certificate.gain", "0.5 to 2, is right")]
    [InlineData("2026-03-01", "1.3.2026", 11, "meters.gpu12v.certificate.date", "write year-month-day")]
    [InlineData("role: check", "role: chek", 12, "meters.gpu12v.role", "did you mean 'check'?")]
    [InlineData("ssh: lab@10.0.0.31:2222", "ssh: lab@10.0.0.31:99999", 15, "targets.node1.ssh", "user@host:port")]
    [InlineData("ssh: lab@10.0.0.31:2222", "ssh: \"-oProxyCommand=x\"", 15, "targets.node1.ssh", "user@host:port")]
    [InlineData("SHA256:uNiV", "MD5:uNiV", 17, "targets.node1.host-key", "ssh-keygen -lf")]
    [InlineData("wall/total, scope: wall-ac", "walk/total, scope: wall-ac", 19, "targets.node1.fed-by[0].channel", "did you mean 'wall'?")]
    [InlineData("wall/total, scope: wall-ac", "wall, scope: wall-ac", 19, "targets.node1.fed-by[0].channel", "write METER/CHANNEL")]
    [InlineData("scope: wall-ac", "scope: wall", 19, "targets.node1.fed-by[0].scope", "known here: wall-ac")]
    [InlineData("gpu12v/ch1", "wall/total", 20, "targets.node1.fed-by[1].channel", "stands twice")]
    [InlineData("cpu-power: 125W", "cpu-power: 125", 21, "targets.node1.hardware.cpu-power", "has no unit; write for instance 125W")]
    [InlineData("memory: 64GiB", "memory: 64G", 21, "targets.node1.hardware.memory", "'G' is not a unit of information")]
    [InlineData("gpus: [ {", "gpus: {a: {", 21, null, "not YAML")]
    [InlineData("[ml-co2-impact, {", "[codecarbon, {", 22, "targets.node1.estimators[1]", "stands twice")]
    [InlineData("[ml-co2-impact, {", "[ml-co2-impct, {", 22, "targets.node1.estimators[0]", "did you mean 'ml-co2-impact'?")]
    [InlineData("{ codecarbon: {", "{ codecarbn: {", 22, "targets.node1.estimators[1].codecarbn", "did you mean 'codecarbon'?")]
    [InlineData("command: /opt", "comand: /opt", 22, "targets.node1.estimators[1].codecarbon.comand", "did you mean 'command'?")]
    [InlineData("estimators: [ml-co2-impact, { codecarbon: { command: /opt/cc/bin/codecarbon, interval: 1s } }]", "estimators: ml-co2-impact", 22, "targets.node1.estimators", "a list is wanted here")]
    [InlineData("380g/kWh", "380", 23, "targets.node1.grid-intensity", "has no unit")]
    [InlineData("{ local: true }", "{ local: yes }", 24, "targets.here.local", "true or false")]
    [InlineData("{ local: true }", "{ local: true, virtual: x }", 24, "targets.here", "reached in one way")]
    [InlineData("{ local: true }", "{ local: true, identity: key }", 24, "targets.here.identity", "belongs to a target that is reached by ssh")]
    [InlineData("  here:", "  node1:", 24, null, "a key may stand only once")]
    [InlineData("coverage: 98%", "coverage: 0.98", 26, "limits.coverage", "has no unit")]
    [InlineData("coverage: 98%", "coverage: 980%", 26, "limits.coverage", "0% to 100% is right")]
    [InlineData("store: data/lab.db", "store: postgres://lab/db", 2, "store", "SQLite file for now")]
    [InlineData("rig: bench-1", "rigg: bench-1", 1, "rigg", "did you mean 'rig'?")]
    public void Bad_input_names_file_line_key_and_what_would_be_right(string good, string bad, int line, string? key, string right)
    {
        var at = Whole.IndexOf(good, StringComparison.Ordinal);
        Assert.True(at >= 0, "the text to replace is in the file");
        var text = string.Concat(Whole.AsSpan(0, at), bad, Whole.AsSpan(at + good.Length));

        var error = Assert.Throws<ConfigurationException>(() => RigFile.Parse(text, "rig.yaml"));

        Assert.Equal("rig.yaml", error.File);
        Assert.Equal(line, error.Line);
        Assert.Equal(key, error.Key);
        Assert.Contains(right, error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Split('\n').Length <= 3, error.Message);
    }

    [Fact]
    public void A_secret_in_an_address_is_not_in_the_complaint_about_it()
    {
        var error = Assert.Throws<ConfigurationException>(() => RigFile.Parse(
            """
            rig: r
            meters:
              pdu: { uri: "snmp://hunter2@10.0.0.9:999999?model=apc-rpdu2" }
            """,
            "rig.yaml"));

        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(("meters.pdu.uri", 3), (error.Key, error.Line));
    }

    [Theory]
    [InlineData("lab@[fe80::1]:22", "lab", "fe80::1", 22)]
    [InlineData("[fe80::1]", null, "fe80::1", null)]
    [InlineData("node7", null, "node7", null)]
    [InlineData("node7:2022", null, "node7", 2022)]
    public void An_ssh_address_is_user_host_and_port(string text, string? user, string host, int? port)
    {
        var rig = RigFile.Parse($"rig: r\ntargets:\n  t: {{ ssh: \"{text}\" }}\n", "rig.yaml");

        Assert.Equal(new SshReach(new SshAddress(user, host, port), null, null), rig.Targets[0].Reach);
    }

    [Fact]
    public void What_is_left_out_takes_the_default()
    {
        var rig = RigFile.Parse("rig: r\ntargets: { t: { local: true } }", Path.Combine(Folder, "rig.yaml"));

        Assert.Equal(Path.Combine(Folder, "meterlab.db"), rig.StorePath);
        Assert.Empty(rig.Meters);
        Assert.Null(rig.KnownHostsPath);
        Assert.Equal(new ValidityLimits { Coverage = 0.99, LongestGap = 3 }, rig.Limits);
    }

    [Fact]
    public void A_missing_file_is_a_configuration_error_that_names_it()
    {
        var path = Path.Combine(Folder, "no-such-folder", "rig.yaml");

        var error = Assert.Throws<ConfigurationException>(() => RigFile.Load(path));

        Assert.Equal($"{path}: there is no such file", error.Message);
    }

    [Theory]
    [InlineData("{ codecarbon: { interval: 1500ms } }", "targets.here.estimators[0].codecarbon.interval", "whole seconds")]
    [InlineData("{ codecarbon: { version: newest } }", "targets.here.estimators[0].codecarbon.version", "no version")]
    [InlineData("{ ml-co2-impact: { self-tracked: true } }", "targets.here.estimators[0].ml-co2-impact.self-tracked", "writes no file")]
    [InlineData("codecarbn", "targets.here.estimators[0]", "did you mean 'codecarbon'?")]
    public void What_an_estimator_cannot_take_is_told_where_it_was_written(string estimator, string key, string words)
    {
        var e = Assert.Throws<ConfigurationException>(() => RigFile.Parse($"rig: r\ntargets:\n  here:\n    local: true\n    estimators: [{estimator}]\n", "rig.yaml"));

        Assert.Equal(("rig.yaml", 5, key), (e.File, e.Line, e.Key));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_beside_the_rig_file_describes_an_estimator()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "mine.yaml"), "estimator: mine\nscope: [gpu]\nfile: a.csv\nformat: csv\nenergy: { column: j, unit: J }\ncommand: [tool]\n");
            File.WriteAllText(Path.Combine(folder.FullName, "bad.yaml"), "estimator: mine\nscope: [gpu]\nfile: a.csv\nformat: csv\nenergy: { column: j, unit: Watt }\n");
            Rig Parse(string estimators) => RigFile.Parse($"rig: r\ntargets:\n  here:\n    local: true\n    estimators: [{estimators}]\n", Path.Combine(folder.FullName, "rig.yaml"));

            var own = Assert.Single(Parse("{ ./mine.yaml: { command: /opt/tool } }").Targets[0].Estimators);
            var e = Assert.Throws<ConfigurationException>(() => Parse("./bad.yaml"));

            Assert.Equal(("mine", "/opt/tool"), (own.Name, own.Estimator.Launch(own.Settings, "r")!.Command[0]));
            Assert.Equal((Path.Combine(folder.FullName, "bad.yaml"), 5, "energy.unit"), (e.File, e.Line, e.Key));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
