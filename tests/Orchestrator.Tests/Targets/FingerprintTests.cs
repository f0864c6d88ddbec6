using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Targets;

public sealed class FingerprintTests
{
    private const string Machine = """
        system=Linux
        kernel=6.12.1
        machine=x86_64
        host=node1
        cpu=Some processor
        cpus=16
        memory_kib=1024
        microcode=0x2c
        governor=powersave
        smt=on
        turbo_off=0
        power_limit=powercap/intel-rapl:0/constraint_0_power_limit_uw 125000000
        gpu=NVIDIA GeForce RTX 4090, Enabled, 450.00 W
        dimm=size 16 GB
        dimm=size 16 GB
        pci=0000:01:00.0 0x10de:0x2684
        usb=046d:c52b Receiver
        services=known
        service=ssh.service
        service=user@1000.service
        service=systemd-timedated.service
        """;

    [Theory]
    [InlineData("governor=powersave", "governor=performance", "the governor was 'powersave' and is 'performance'")]
    [InlineData("kernel=6.12.1", "kernel=6.12.2", "the kernel was '6.12.1' and is '6.12.2'")]
    [InlineData("smt=on", "smt=off", "the SMT was 'on' and is 'off'")]
    [InlineData("turbo_off=0", "turbo_off=1", "the turbo was 'on' and is 'off'")]
    [InlineData("dimm=size 16 GB\ndimm=size 16 GB", "dimm=size 16 GB", "the memory module size 16 GB is gone")]
    [InlineData("usb=046d:c52b Receiver", "usb=0781:5581 Stick", "the USB device 0781:5581 Stick was plugged in")]
    [InlineData("pci=0000:01:00.0 0x10de:0x2684", "pci=0000:02:00.0 0x8086:0x1533", "the PCI device 0000:02:00.0 0x8086:0x1533 was added")]
    [InlineData("Enabled, 450.00 W", "Disabled, 450.00 W", "the graphics card NVIDIA GeForce RTX 4090, Disabled, 450.00 W is new")]
    [InlineData("uw 125000000", "uw 65000000", "the power limit powercap/intel-rapl:0/constraint_0_power_limit_uw 65000000 is new")]
    [InlineData("service=ssh.service", "service=ssh.service\nservice=backup.service", "the service backup.service was started")]
    public void Each_part_that_changes_is_named_and_changes_the_hash(string before, string after, string says)
    {
        var (old, now) = (TargetFingerprint.Parse(Machine), TargetFingerprint.Parse(Machine.Replace(before, after, StringComparison.Ordinal)));
        Assert.Contains(says, FingerprintChanges.Of(old.Parts, now.Parts));
        Assert.NotEqual(old.Hash, now.Hash);
    }

    [Fact]
    public void What_comes_and_goes_with_whoever_looks_is_no_part_of_it()
    {
        var machine = TargetFingerprint.Parse(Machine);
        Assert.Equal(["ssh.service"], machine.Services);
        Assert.Equal(machine.Hash, TargetFingerprint.Parse(Machine + "\nboot_id=1\nclocksource=tsc\nservice=user@0.service").Hash);
        Assert.Empty(FingerprintChanges.Of(machine.Parts, machine.Parts));
    }

    [Fact]
    public async Task This_machine_tells_what_it_is()
    {
        await using var target = new LocalTarget("here", new Measurement.Clocks.SystemHostClock());
        var machine = await TargetFingerprint.ReadAsync(target, TestContext.Current.CancellationToken);
        var again = await TargetFingerprint.ReadAsync(target, TestContext.Current.CancellationToken);
        Assert.Equal("Linux", machine.System);
        Assert.NotNull(machine.LogicalCpus);
        Assert.Equal(machine.Hash, again.Hash);
    }

    [Fact]
    public void Busy_shares_come_from_two_looks()
    {
        var (cpu, gpu) = TargetActivity.Parse("cpu  100 0 100 800 0 0 0 0 0 0\ncpu  130 0 110 860 0 0 0 0 0 0\ngpu 3\ngpu 17\n");
        Assert.Equal((0.4, 0.17), (Math.Round(cpu!.Value, 9), gpu));
        Assert.Equal((null, null), TargetActivity.Parse("nothing"));
    }
}
