using System.Formats.Tar;

using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Targets;

public sealed class WorkloadFilesTests
{
    private const string Record = """
        format=1
        boot_id=b
        start_ns=1000
        end_ns=3000
        exit_code=143
        timed_out=1
        stopped=0
        leftovers=0
        suspends_start=4
        suspends_end=5
        ticks_per_second=100
        machine_start=100 10 50 900 20 1 2 70 0 0
        machine_end=200 20 60 990 25 2 4 90 0 0
        children_start=0m0.010000s 0m0.000000s
        children_end=1m2.510s 0m0,500s
        runner_self=0m0.02s 0m0.03s
        runner_children=1m2.610s 0m0.500s
        """;

    private static readonly LocalTarget Here = new("here", new SystemHostClock());

    [Fact]
    public void A_record_says_what_became_of_a_run()
    {
        var record = WorkloadRecordFile.Parse(Record);

        Assert.Equal((1000L, 3000L, 143, 15, true), (record.StartNs, record.EndNs, record.ExitCode, record.Signal!.Value, record.TimedOut));
        Assert.Equal(63.0, record.CpuSeconds, 9);
        // user 100, nice 10, system 10, interrupts 1 and 2: 123 ticks. Idle, waiting and stolen time are not the machine's work.
        Assert.Equal(1.23, record.MachineCpuSeconds!.Value, 9);
        Assert.Equal(0.05 + 0.11, record.RunnerCpuSeconds, 9);
        Assert.Equal(1, record.Suspends);
    }

    [Theory]
    [InlineData("format=1", "format=2")]
    [InlineData("end_ns=3000\n", "")]
    [InlineData("end_ns=3000", "end_ns=")]
    [InlineData("end_ns=3000", "end_ns=-3000")]
    [InlineData("timed_out=1", "timed_out=yes")]
    [InlineData("boot_id=b", "boot_id=b\nboot_id=c")]
    [InlineData("boot_id=b", "boot_id=b\nsurprise=1")]
    [InlineData("boot_id=b", "boot_id")]
    [InlineData("0m0.02s 0m0.03s", "0m0.02s")]
    [InlineData("100 10 50", "x")]
    public void A_damaged_record_is_refused(string part, string damage) =>
        Assert.Throws<FormatException>(() => WorkloadRecordFile.Parse(Record.Replace(part, damage, StringComparison.Ordinal)));

    [Theory]
    [InlineData("../escape")]
    [InlineData("/etc/escape")]
    [InlineData("a/../../escape")]
    public void A_packed_file_that_leads_out_of_its_folder_is_refused(string name) =>
        Assert.Throws<TargetException>(() => RunFolder.Unpack(Here, "codecarbon", Packed(name, TarEntryType.RegularFile)));

    [Fact]
    public void Plain_files_are_unpacked_and_links_left_alone()
    {
        Assert.Equal(["sub/emissions.csv"], RunFolder.Unpack(Here, "c", Packed("./sub/emissions.csv", TarEntryType.RegularFile)).Select(file => file.Path));
        Assert.Empty(RunFolder.Unpack(Here, "c", Packed("./link", TarEntryType.SymbolicLink)));
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    public async Task A_run_with_an_unsafe_name_is_refused(string name)
    {
        var spec = new WorkloadSpec { Run = name, Helper = ClockHelpers.Bash, Command = ["true"], Timeout = TimeSpan.FromSeconds(1) };

        await Assert.ThrowsAsync<ArgumentException>(() => new WorkloadRunner(Here).StartAsync(spec, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("1500000000|500000000|7 (a) b) S 1 7 7 0 -1 0 1 2 3 4 900 900 25 75 0", 3.0)]
    [InlineData("||7 (sh) S 1 7 7 0 -1 0 1 2 3 4 100 50 25 75 0", 2.5)]
    [InlineData("||", null)]
    public void What_the_probes_cost_is_read_as_finely_as_the_kernel_tells(string line, double? expected) =>
        Assert.Equal(expected, ClockChannel.Cost(line));

    [Fact]
    public void Edges_that_make_no_sense_are_refused() => Assert.Throws<FormatException>(() => PatternWorkload.ParseEdges("1 5 x\n"));

    [Theory]
    [InlineData("chrony\nA29FC801,162.159.200.1,4,1795477560.1,0.0,0.0,0.0,1.0,0.0,0.1,0.02,0.001,64.2,Normal\n", true)]
    [InlineData("chrony\n7F7F0101,,10,0.0,0.0,0.0,0.0,1.0,0.0,0.1,0.02,0.001,64.2,Not synchronised\n", false)]
    [InlineData("timedatectl\nyes\n", true)]
    [InlineData("timedatectl\nno\n", false)]
    [InlineData("", null)]
    public void A_time_services_state_is_read(string text, bool? expected) => Assert.Equal(expected, ClockStatus.Parse(text).Synchronised);

    [Fact]
    public async Task Checking_this_machine_finds_its_tools_clock_and_processor()
    {
        var check = await TargetCheck.RunAsync(Here, TestContext.Current.CancellationToken);

        Assert.DoesNotContain(check.Findings, finding => finding.Severity == Severity.Invalid);
        Assert.Contains(check.Findings, finding => finding.Rule == "clock-helper");
        Assert.Equal(Environment.ProcessorCount, check.Fingerprint!.LogicalCpus);
        Assert.Equal(16, check.Fingerprint.Hash.Length);
        Assert.NotNull(check.Helper);
    }

    [Fact]
    public async Task Checking_a_target_nobody_can_reach_says_so_and_does_not_throw()
    {
        await using var target = new SshTarget(
            "gone", new SshOptions { Address = new SshAddress("x", "127.0.0.1", 1), ConfigFile = "/no/such" }, new SystemHostClock());

        var check = await TargetCheck.RunAsync(target, TestContext.Current.CancellationToken);

        Assert.Equal(("reach", Severity.Invalid), (Assert.Single(check.Findings).Rule, check.Findings[0].Severity));
    }

    private static byte[] Packed(string name, TarEntryType type)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
        {
            var entry = new PaxTarEntry(type, name);
            if (type == TarEntryType.RegularFile)
                entry.DataStream = new MemoryStream([1, 2, 3]);
            else
                entry.LinkName = "/etc/passwd";
            writer.WriteEntry(entry);
        }

        return stream.ToArray();
    }
}
