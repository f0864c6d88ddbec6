using System.Text.Json;

using MeterLab.Cli.Tests.Support;
using MeterLab.TestKit;

namespace MeterLab.Cli.Tests;

/// <summary>Every reading command: with --json, standard output is one JSON document and nothing else.</summary>
public sealed class JsonOutputTests
{
    private const string Rig =
        """
        rig: bench
        meters: { wall: { uri: "fake://bench" } }
        targets: { here: { local: true, fed-by: [ { channel: wall/total, scope: wall-ac } ], estimators: [cpu-load] } }
        """;

    private const string Campaign = "campaign: c\ntargets: [here]\nworkloads: [ { name: w, run: [true] } ]\n";

    [Theory]
    [InlineData("meter", "models")]
    [InlineData("meter", "read", "fake://bench")]
    [InlineData("meter", "watch", "fake://bench", "--seconds", "0.01", "--interval", "10ms")]
    [InlineData("campaign", "plan", "CAMPAIGN")]
    [InlineData("campaign", "list")]
    [InlineData("campaign", "show", "nightly")]
    [InlineData("report", "--campaign", "nightly")]
    [InlineData("report", "--campaign", "nightly", "--format", "csv", "--out", "OUT")]
    [InlineData("store", "info")]
    [InlineData("store", "verify")]
    [InlineData("study", "import", "STUDY")]
    [InlineData("estimator", "list")]
    [InlineData("estimator", "read", "codecarbon", "EMISSIONS")]
    [InlineData("clock", "here", "--seconds", "0.1")]
    [InlineData("target", "check", "here")]
    [InlineData("check")]
    public async Task Standard_output_is_one_document(params string[] args)
    {
        using var lab = await StoredLab.CreateAsync();
        await File.WriteAllTextAsync(lab["rig.yaml"], Rig, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(lab["campaign.yaml"], Campaign, TestContext.Current.CancellationToken);

        var run = await CommandRun.OfAsync([.. args.Select(Fill), "--rig", lab["rig.yaml"], "--db", lab.Path, "--json"]);

        Assert.True(run.ExitCode == 0, run.Error);
        using var document = JsonDocument.Parse(run.Output);
        Assert.True(document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array);

        string Fill(string word) => word switch
        {
            "CAMPAIGN" => lab["campaign.yaml"],
            "OUT" => lab["out"],
            "STUDY" => RepositoryFiles.Path("tests", "Orchestrator.Tests", "Studies", "Fixtures", "defects"),
            "EMISSIONS" => RepositoryFiles.Path("tests", "Estimators.Tests", "Fixtures", "codecarbon-3.3.0", "machine-1s"),
            _ => word,
        };
    }

    [Fact]
    public async Task The_clock_document_has_the_contracts_fields_and_a_local_clock_is_right()
    {
        using var folder = new TemporaryFolder();

        var json = (await CommandRun.OfAsync("clock", "here", "--seconds", "0.6", "--rig", folder.Write("rig.yaml", Rig), "--json")).Json;

        Assert.Equal(
            ["target", "offset_s", "rate_ppm", "uncertainty_s", "rate_uncertainty_ppm", "k", "rtt_min_s", "probes", "reference_time"],
            json.EnumerateObject().Select(field => field.Name).Take(9));
        Assert.Equal("here", json.GetProperty("target").GetString());
        // This machine's clock against itself.
        Assert.InRange(json.GetProperty("offset_s").GetDouble(), -0.1, 0.1);
        Assert.True(json.GetProperty("uncertainty_s").GetDouble() > 0);
    }

    [Fact]
    public async Task Estimator_read_has_the_contracts_fields()
    {
        var path = RepositoryFiles.Path("tests", "Estimators.Tests", "Fixtures", "codecarbon-3.3.0", "machine-1s");

        var row = (await CommandRun.OfAsync("estimator", "read", "codecarbon", path, "--json")).Json.GetProperty("rows")[0];

        foreach (var field in new[] { "run", "task", "project", "energy_j", "components_j", "duration_s", "ended_local", "pue", "cumulative", "predicted", "findings" })
            Assert.True(row.TryGetProperty(field, out _), field);
        Assert.True(row.GetProperty("components_j").TryGetProperty("cpu", out _));
    }
}
