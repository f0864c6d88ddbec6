using CsCheck;

using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Tests.Campaigns;

public sealed class CampaignPlanTests
{
    private static readonly Rig Rig = RigFile.Parse(
        """
        rig: r
        targets:
          a: { local: true, estimators: [ml-co2-impact, { codecarbon: { interval: 2s } }] }
          b: { local: true, hardware: { gpus: [ { model: X } ] } }
        """,
        "rig.yaml");

    [Fact]
    public void Workloads_parameters_repetitions_and_targets_multiply()
    {
        var plan = Plan("targets: [a, b]", "run: [x, \"{m}\", \"-{n}-{m}\"], parameters: { m: [p, q, r], n: [1, 2] }", "repetitions: 2");

        Assert.Equal(2 * 3 * 2 * 2, plan.Runs.Count);
        Assert.Equal(plan.Runs.Count, plan.Runs.Select(run => run.Name).Distinct().Count());
        Assert.Equal(plan.Runs.Count, plan.Runs.Select(run => (run.Target, run.Parameters["m"], run.Parameters["n"], run.Repetition)).Distinct().Count());
        Assert.All(plan.Runs, run => Assert.Equal(["x", run.Parameters["m"], $"-{run.Parameters["n"]}-{run.Parameters["m"]}"], run.Command));
    }

    [Fact]
    public void As_written_runs_every_combination_once_before_any_twice()
    {
        var plan = Plan("targets: [a]", "run: [x, \"{m}\"], parameters: { m: [p, q] }", "repetitions: 2\norder: as-written");

        Assert.Equal(
            [("w-01", "p", 1), ("w-02", "q", 1), ("w-03", "p", 2), ("w-04", "q", 2)],
            plan.Runs.Select(run => (run.Name, run.Parameters["m"], run.Repetition)));
    }

    [Fact]
    public void The_seed_fixes_the_order_for_ever()
    {
        var names = Names(7);

        // Written down once: a change of this list makes old campaigns irreproducible.
        Assert.Equal(["w-02", "w-05", "w-06", "w-03", "w-07", "w-01", "w-04", "w-08"], names);
        Assert.Equal(names, Names(7));
        Assert.NotEqual(names, Names(8));

        static IEnumerable<string> Names(int seed) =>
            Plan("targets: [a]", "run: [x]", $"repetitions: 8\nseed: {seed}").Runs.Select(run => run.Name);
    }

    [Fact]
    public void Splitmix64_gives_the_published_first_draws()
    {
        // The first outputs for seed 1234567, as the algorithm's reference implementation prints them.
        var source = new SeededShuffle(1234567);

        Assert.Equal(
            [6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL],
            [source.Next(), source.Next(), source.Next()]);
    }

    [Fact]
    public void A_shuffle_keeps_every_item() => Gen.Select(Gen.Long, Gen.Int[0, 200]).Sample((seed, n) =>
    {
        var items = Enumerable.Range(0, n).ToArray();
        new SeededShuffle(seed).Shuffle<int>(items);
        return items.Order().SequenceEqual(Enumerable.Range(0, n));
    });

    [Fact]
    public void Isolation_gives_each_estimator_a_run_of_its_own_and_one_run_to_none()
    {
        var plan = Plan("targets: [a]", "run: [x]", "order: as-written\nisolate: true");

        Assert.Equal(["", "ml-co2-impact", "codecarbon"], plan.Runs.Select(run => string.Join('+', run.Estimators.Select(e => e.Name))));
    }

    [Fact]
    public void Estimators_are_the_targets_unless_the_campaign_names_them()
    {
        var own = Plan("targets: [a, b]", "run: [x]", "order: as-written");
        var named = Plan("targets: [a, b]", "run: [x]", "order: as-written\nestimators: [codecarbon]");

        Assert.Equal([2, 0], own.Runs.Select(run => run.Estimators.Count));
        Assert.Equal([2.0, null], named.Runs.Select(run => Assert.Single(run.Estimators).Settings.IntervalS));
    }

    [Fact]
    public void Static_estimators_count_the_graphics_card_where_there_is_one()
    {
        var plan = Plan("targets: [a, b]", "run: [x]", "order: as-written");

        Assert.Equal([Estimators.Device.Cpu, Estimators.Device.Gpu], plan.Runs.Select(run => run.Device));
    }

    [Theory]
    [InlineData("; rm -rf /")]
    [InlineData("$(reboot) `id` 'quoted \\\"text\\\"'")]
    [InlineData("{n}")]
    public void A_value_stays_one_argument_whatever_it_contains(string value)
    {
        var plan = Plan("targets: [a]", $"run: [x, \"{{m}}\"], parameters: {{ m: [\"{value}\"], n: [1] }}", "");

        Assert.Equal(["x", value.Replace("\\\"", "\"", StringComparison.Ordinal)], Assert.Single(plan.Runs).Command);
    }

    [Fact]
    public void Doubled_braces_and_foreign_braces_are_literal()
    {
        var plan = Plan("targets: [a]", "run: [awk, \"{{print}} {\\\"a\\\": 1} {}\", \"\"]", "");

        Assert.Equal(["awk", "{print} {\"a\": 1} {}", ""], plan.Runs[0].Command);
    }

    [Fact]
    public void Parameters_reach_a_script_as_variables()
    {
        var plan = Plan("targets: [a]", "script: 'echo $batch_size', parameters: { batch-size: [4] }", "");

        Assert.Null(plan.Runs[0].Command);
        Assert.Equal("4", plan.Runs[0].Environment["batch_size"]);
    }

    private static CampaignPlan Plan(string targets, string workload, string more) => CampaignPlan.For(
        CampaignFile.Parse($"campaign: c\n{targets}\nworkloads:\n  - {{ name: w, {workload} }}\n{more}\n", "campaign.yaml", Rig), Rig);
}
