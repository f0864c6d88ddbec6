using System.Text;

using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;
using MeterLab.Orchestrator.Tests.Clocks;

namespace MeterLab.Orchestrator.Tests.Targets;

public sealed class EstimatorCheckTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly LocalTarget _target;

    public EstimatorCheckTests() => _target = new LocalTarget("here", new SystemHostClock(), home: _folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> ProgramAsync(string name, string body)
    {
        var path = Path.Combine(_folder.FullName, name);
        await _target.UploadAsync(Encoding.UTF8.GetBytes($"#!/bin/sh\n{body}\n"), path, WorkloadUpload.Executable, TestContext.Current.CancellationToken);
        return path;
    }

    private Task<IReadOnlyList<Finding>> CheckAsync(Hardware hardware, params TargetEstimator[] estimators) => CheckAsync(_target, hardware, estimators);

    private static async Task<IReadOnlyList<Finding>> CheckAsync(ITarget target, Hardware hardware, params TargetEstimator[] estimators)
    {
        var token = TestContext.Current.CancellationToken;
        var fingerprint = await TargetFingerprint.ReadAsync(target, token);
        return await EstimatorCheck.RunAsync(
            target, new RigTarget { Name = "here", Reach = new LocalReach(), Hardware = hardware, Estimators = estimators }, fingerprint, token);
    }

    private static TargetEstimator Own(string name, string? command = null, bool selfTracked = false) => new(name, new EstimatorSettings(command, SelfTracked: selfTracked));

    private static Finding Of(IReadOnlyList<Finding> findings, string name) => Assert.Single(findings, finding => finding.Detail.StartsWith(name + " would", StringComparison.Ordinal));

    [Fact]
    public async Task Every_estimator_is_listed_once_and_those_of_the_rig_file_first()
    {
        var findings = await CheckAsync(new Hardware(), Own("scaphandre", "/none/scaphandre"));

        Assert.Equal(EstimatorCatalog.Names.Count, findings.Count);
        Assert.All(EstimatorCatalog.Names, name => Of(findings, name));
        Assert.StartsWith("scaphandre", findings[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_there_is_told_with_place_version_and_what_it_will_lack()
    {
        var program = await ProgramAsync("my codecarbon", "[ \"$1\" = --version ] && echo 'codecarbon v3.2.9'");

        var finding = Of(await CheckAsync(new Hardware(), Own("codecarbon", program)), "codecarbon");

        Assert.Equal(Severity.Note, finding.Severity);
        Assert.Contains($"would work: {program}; codecarbon v3.2.9", finding.Detail, StringComparison.Ordinal);
        // A machine either lacks a sensor, and is told so, or has it.
        Assert.Equal(Directory.Exists("/sys/class/powercap") && Directory.GetFileSystemEntries("/sys/class/powercap").Length > 0,
            !finding.Detail.Contains("there is no /sys/class/powercap/*/energy_uj", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_that_is_started_another_way_is_told_with_what_to_write()
    {
        var program = await ProgramAsync("codecarbon", "echo 'codecarbon v2.6.0'");
        var own = Own("codecarbon", program);

        var untold = Of(await CheckAsync(new Hardware(), own), "codecarbon");
        var told = Of(await CheckAsync(new Hardware(), own with { Settings = own.Settings with { Version = "2.6" } }), "codecarbon");

        Assert.Equal(Severity.Warning, untold.Severity);
        Assert.Contains("write version: \"2.6.0\"", untold.Detail, StringComparison.Ordinal);
        Assert.Contains("would work: ", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_warning_only_where_the_rig_file_names_it()
    {
        var findings = await CheckAsync(new Hardware(), Own("energibridge", "/none/energibridge"));

        Assert.Equal(Severity.Warning, Of(findings, "energibridge").Severity);
        Assert.Contains("would not work: there is no program '/none/energibridge' on the target", Of(findings, "energibridge").Detail, StringComparison.Ordinal);
        Assert.All(findings.Skip(1), finding => Assert.Equal(Severity.Note, finding.Severity));
    }

    [Fact]
    public async Task A_program_that_does_not_tell_its_version_is_no_obstacle()
    {
        var program = await ProgramAsync("perun", "exit 3");

        Assert.Contains("its version was not told", Of(await CheckAsync(new Hardware(), Own("perun", program)), "perun").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Computed_estimators_say_what_the_rig_file_lacks()
    {
        var without = await CheckAsync(new Hardware(), Own("ml-co2-impact"));
        var with = await CheckAsync(new Hardware { Cpu = new HardwarePart("x", 100), MemoryBytes = 1e9 }, Own("ml-co2-impact"));

        Assert.Contains("would not work: the workload uses the processor, but the rig file names none", Of(without, "ml-co2-impact").Detail, StringComparison.Ordinal);
        Assert.All(["ml-co2-impact", "green-algorithms", "cpu-tdp", "cpu-load", "codecarbon-cpu-load"], name =>
            Assert.Contains("would work", Of(with, name).Detail, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rapl", "intel-rapl:0/energy_uj")]
    [InlineData("battery", "BAT0/voltage_now")]
    public async Task A_sensor_is_looked_for_where_the_rig_file_says(string name, string file)
    {
        var root = Path.Combine(_folder.FullName, "sys tree");
        var own = new TargetEstimator(name, new EstimatorSettings(Root: root));
        var without = Of(await CheckAsync(new Hardware(), own), name);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, file))!);
        await File.WriteAllTextAsync(Path.Combine(root, file), "1\n", TestContext.Current.CancellationToken);
        var with = Of(await CheckAsync(new Hardware(), own), name);

        Assert.Equal(Severity.Warning, without.Severity);
        Assert.Contains($"would not work: there is no {root}/*/{Path.GetFileName(file)}: ", without.Detail, StringComparison.Ordinal);
        Assert.Contains("would work: ", with.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Needs_that_stand_for_one_another_are_missed_only_together()
    {
        var own = new TargetEstimator("amd-gpu", new EstimatorSettings(Root: Path.Combine(_folder.FullName, "hwmon")));
        var path = Path.Combine(_folder.FullName, "bin");
        Directory.CreateDirectory(path);
        foreach (var program in (string[])["sh", "cat", "ls", "uname", "sed", "grep", "awk", "head", "tail", "sort", "tr", "cut", "getconf", "id", "env", "date", "sleep", "timeout", "setsid", "sha256sum"])
        {
            if (((string[])["/usr/bin/", "/bin/"]).Select(folder => folder + program).FirstOrDefault(File.Exists) is { } there)
                File.CreateSymbolicLink(Path.Combine(path, program), there);
        }

        var target = new OtherPathTarget(_target, path);
        var none = Of(await CheckAsync(target, new Hardware(), own), "amd-gpu");
        await ProgramAsync("bin/rocm-smi", "exit 0");
        var one = Of(await CheckAsync(target, new Hardware(), own), "amd-gpu");

        Assert.Equal(Severity.Warning, none.Severity);
        Assert.All(["power1_*", "rocm-smi", "amd-smi"], missed => Assert.Contains(missed, none.Detail, StringComparison.Ordinal));
        Assert.StartsWith("amd-gpu would work", one.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("amd-smi", one.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kepler_is_judged_by_what_its_address_answers()
    {
        using var pages = new HttpPages();
        pages["/metrics"] = "# HELP x\nkepler_node_cpu_joules_total{zone=\"package\"} 12\n";
        pages["/other"] = "up 1\n";
        async Task<Finding> OfAsync(string address) => Of(await CheckAsync(new Hardware(), Own("kepler", address)), "kepler");

        Assert.Contains($"would work: ", (await OfAsync(pages.Address + "metrics")).Detail, StringComparison.Ordinal);
        foreach (var (address, why) in ((string, string)[])
            [(pages.Address + "other", "its answer does not hold what is expected"), (pages.Address + "nowhere", "404"), (HttpPages.NobodyThere(), "curl: (7)")])
        {
            var finding = await OfAsync(address);
            Assert.Equal(Severity.Warning, finding.Severity);
            Assert.StartsWith($"kepler would not work: {address} does not tell it (", finding.Detail, StringComparison.Ordinal);
            Assert.Contains(why, finding.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_tracker_inside_the_workload_needs_no_program() =>
        Assert.Contains("would work: where the workload tracks itself", Of(await CheckAsync(new Hardware(), Own("codecarbon", selfTracked: true)), "codecarbon").Detail, StringComparison.Ordinal);
}
