using System.Globalization;

using MeterLab.Measurement.Lag;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Cli.Demo;

/// <summary>The demo's rig and campaign: ordinary files of a user, read by the ordinary loaders.</summary>
internal static class DemoLab
{
    /// <summary>The rig: the virtual meters on four buses, and the machine that they feed.</summary>
    public const string RigText = """
        rig: demo
        store: meterlab.db
        meters:
          wall:   { uri: "virtual://wall", interval: 40ms }
          mains:  { uri: "virtual://mains", interval: 200ms, role: check }
          rails:  { uri: "virtual://rails" }
          cpu12v: { uri: "virtual://cpu12v", interval: 20ms }
        targets:
          node1:
            virtual: node1
            fed-by:
              - { channel: wall/total, scope: wall-ac }
              - { channel: mains/total, scope: wall-ac }
              - { channel: rails/total, scope: psu-dc }
              - { channel: cpu12v/ch1, scope: cpu-dc }
            hardware: { cpu: "Virtual 2-core processor", cpu-power: 65W, memory: 16GiB }
            estimators: [ml-co2-impact, cpu-load]
            grid-intensity: 380g/kWh
        """;

    /// <summary>The campaign. Workloads are plain shell: the demo needs no Python and no network.</summary>
    public static string CampaignText(long seed, bool quick)
    {
        var seconds = quick ? "2.2" : "5";
        var (repetitions, settle, baseline, between) = quick ? (2, "300ms", "1200ms", "400ms") : (3, "600ms", "4s", "1s");
        return string.Create(CultureInfo.InvariantCulture, $$"""
            campaign: demo
            targets: [node1]
            workloads:
              - name: steady
                script: |
                  pids=
                  n=0
                  while [ "$n" -lt "$workers" ]; do
                    while :; do :; done &
                    pids="$pids $!"
                    n=$((n + 1))
                  done
                  sleep {{seconds}}
                  kill $pids
                  wait
                  exit 0
                parameters: { workers: [1, 2] }
                device: cpu
                timeout: 1min
              - name: bursts
                script: |
                  n=0
                  while [ "$n" -lt {{(quick ? 6 : 10)}} ]; do
                    while :; do :; done &
                    sleep 0.3
                    kill $!
                    wait
                    sleep 0.2
                    n=$((n + 1))
                  done
                device: cpu
                timeout: 1min
            repetitions: {{repetitions}}
            seed: {{seed}}
            tolerance: 5%
            phases: { settle: {{settle}}, baseline: {{baseline}}, between: {{between}}, cool-down: 200ms, sync: auto }
            """);
    }

    /// <summary>A pattern short enough for a demo: its truth meter updates every 200 ms.</summary>
    public static SyncPlan Sync(bool quick) => quick
        ? new SyncPlan(SyncPattern.Create(3, 0.2, 2.37), AtEnd: false)
        : new SyncPlan(SyncPattern.Create(4, 0.2, 2.37));

    /// <summary>Both texts, read.</summary>
    public static (Rig Rig, CampaignPlan Plan, CampaignTexts Texts) Load(string folder, long seed, bool quick)
    {
        var campaign = CampaignText(seed, quick);
        var rig = RigFile.Parse(RigText, Path.Combine(folder, "rig.yaml"));
        var plan = CampaignPlan.For(CampaignFile.Parse(campaign, Path.Combine(folder, "campaign.yaml"), rig), rig);
        return (rig, plan, new CampaignTexts(RigText, campaign));
    }
}
