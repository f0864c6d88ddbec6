using System.Text.Json;

using MeterLab.TestKit;

namespace MeterLab.EndToEnd.Tests;

/// <summary>
/// Estimators through the whole product: beside the workload by signal, around a command that ends with the run, inside the workload, and
/// one that a file describes. Stand-ins replay outputs with fresh times; what they write is what the genuine tools wrote.
/// </summary>
[Collection(Campaigns.Name)]
public class EstimatorCampaignTests
{
    private const string Rig = """
        rig: bench
        meters:
          wall: { uri: "virtual://wall", interval: 50ms }
        targets:
          here:
            local: true
            fed-by: [ { channel: wall/total, scope: wall-ac } ]
            hardware: { cpu: "some processor", cpu-power: 65W, memory: 8GiB }
            estimators:
              - codecarbon: { command: FOLDER/codecarbon }
              - carbontracker: { command: FOLDER/carbontracker }
              - eco2ai
              - pyjoules
              - ./watt-logger.yaml
              - green-algorithms
        """;

    private const string Campaign = """
        campaign: estimators
        targets: [here]
        workloads:
          - name: track
            device: cpu
            script: |
              s=$(date +%s)
              sleep 2
              printf 'id,project_name,experiment_description,epoch,start_time,duration(s),power_consumption(kWh),CO2_emissions(kg),CPU_name,GPU_name,OS,region/country,cost\n' >emission.csv
              printf '"1","%s","x","N/A","%s","2.0","0.0001","0.1","c","","Linux","DE","N/A"\n' "$METERLAB_RUN" "$(date -u -d @$s '+%Y-%m-%d %H:%M:%S')" >>emission.csv
              exit 0
        phases: { settle: 300ms, baseline: 1s, cool-down: 300ms, sync: off }
        """;

    // A genuine row of 3.3.0 with its own name, end and duration.
    private const string CodeCarbon = """
        #!/bin/sh
        s=$(date +%s)
        trap 'd=$(( $(date +%s) - s )).5
          awk -F, -v OFS=, -v p="$CODECARBON_PROJECT_NAME" -v d="$d" -v t="$(date +%Y-%m-%dT%H:%M:%S)" "NR==1 {print} NR==2 {\$1=t; \$2=p; \$5=d; print}" GENUINE >emissions.csv
          exit 0' TERM
        echo "[codecarbon INFO @ 00:00:00] Energy consumed for RAM : 0.000000 kWh. RAM Power : 20.0 W"
        echo "                CPU Tracking Method: cpu_load"
        while :; do sleep 0.1; done
        """;

    // The shape of 2.4.3's log, 50 W over the time that the wrapped command took. A signal would leave nothing.
    private const string Carbontracker = """
        #!/bin/sh
        shift
        echo "CarbonTracker: The following components were found: CPU with device(s) x."
        s=$(date +%s.%N)
        "$@"
        d=$(awk -v s="$s" -v e="$(date +%s.%N)" 'BEGIN {printf "0:00:%05.2f", e - s}')
        t=$(date '+%Y-%m-%d %H:%M:%S')
        printf '%s - carbontracker version 2.4.3\n%s - Only predicted and actual consumptions are multiplied by a PUE coefficient of 1.58 (x).\n' "$t" "$t" >1.2_x_carbontracker.log
        printf '%s - The following components were found: CPU with device(s) x.\n%s - Epoch 1:\n%s - Duration: %s\n%s - Average power usage (W) for cpu: 50.0\n%s - Monitoring thread ended.\n' "$t" "$t" "$t" "$d" "$t" "$t" >>1.2_x_carbontracker.log
        """;

    private const string WattLogger = """
        estimator: watt-logger
        scope: [cpu-package]
        command: [FOLDER/watt-logger, "{run}"]
        stop: INT
        start-time: 1s
        file: log.csv
        format: csv
        energy: { column: joules, unit: J }
        duration: { column: s, unit: s }
        time: { column: ended, format: unix }
        project: { column: run }
        """;

    private const string WattLoggerProgram = """
        #!/bin/sh
        s=$(date +%s)
        trap 'e=$(date +%s); printf "run,ended,s,joules\n%s,%s,%s,123.5\n" "$1" "$e" "$((e - s + 1))" >log.csv; exit 0' INT
        while :; do sleep 0.1; done
        """;

    [Fact]
    public async Task Every_way_of_running_an_estimator_ends_in_its_own_attributed_energy()
    {
        using var folder = new Folder();
        var genuine = RepositoryFiles.Path("tests", "Estimators.Tests", "Fixtures", "codecarbon-3.3.0", "machine-15s", "emissions.csv");
        Program("codecarbon", CodeCarbon.Replace("GENUINE", genuine, StringComparison.Ordinal));
        Program("carbontracker", Carbontracker);
        Program("watt-logger", WattLoggerProgram);
        folder.Write("rig.yaml", Rig.Replace("FOLDER", folder.Path, StringComparison.Ordinal));
        folder.Write("campaign.yaml", Campaign);
        folder.Write("watt-logger.yaml", WattLogger.Replace("FOLDER", folder.Path, StringComparison.Ordinal));

        var result = await MeterLabProcess.RunAsync(folder.Path, "campaign", "run", "campaign.yaml", "--json");

        Assert.True(result.ExitCode is 0 or 3, result.Error);
        using var document = JsonDocument.Parse(result.Output);
        var run = document.RootElement.GetProperty("runs")[0];
        var estimators = run.GetProperty("estimators").EnumerateArray().ToDictionary(estimator => estimator.GetProperty("estimator").GetString()!);
        Assert.Equal(["codecarbon", "carbontracker", "eco2ai", "pyjoules", "watt-logger", "green-algorithms"], estimators.Keys);
        Assert.Equal(949.287, Joules("codecarbon"), 0.001);
        Assert.Equal("3.3.0", estimators["codecarbon"].GetProperty("version").GetString());
        Assert.Contains("cpu-mode", Rules("codecarbon"));
        // At least the run's 2 s, and at most what the start of three programs may take on a busy machine.
        Assert.InRange(Joules("carbontracker"), 100, 3000);
        Assert.Equal(360, Joules("eco2ai"), 1e-6);
        Assert.Contains("format-unverified", Rules("eco2ai"));
        Assert.Equal(JsonValueKind.Null, estimators["pyjoules"].GetProperty("energy_j").ValueKind);
        Assert.Contains("no-output", Rules("pyjoules"));
        Assert.Equal(123.5, Joules("watt-logger"), 1e-9);
        Assert.Equal((65 + (8 * 0.3725)) * run.GetProperty("duration_s").GetDouble(), Joules("green-algorithms"), 1e-3);

        // The description went with the evidence: the arithmetic needs no file.
        File.Delete(Path.Combine(folder.Path, "watt-logger.yaml"));
        folder.Write("rig.yaml", Rig.Split("    estimators:")[0]);
        var again = await MeterLabProcess.RunAsync(folder.Path, "reconcile", "estimators", "--json");
        Assert.True(again.ExitCode is 0 or 3, again.Error);
        Assert.Contains("123.5", again.Output, StringComparison.Ordinal);

        double Joules(string name) => estimators[name].GetProperty("energy_j").GetDouble();
        IEnumerable<string?> Rules(string name) => estimators[name].GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("rule").GetString());
        void Program(string name, string text)
        {
            folder.Write(name, text + "\n");
            Assert.SkipUnless(OperatingSystem.IsLinux(), "targets are POSIX machines");
            if (OperatingSystem.IsLinux())
                File.SetUnixFileMode(Path.Combine(folder.Path, name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
