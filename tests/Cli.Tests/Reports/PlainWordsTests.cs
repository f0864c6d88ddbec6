using MeterLab.Cli.Rendering.Html;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Tests.Reports;

/// <summary>What the summary in plain words claims, and what it must not claim.</summary>
public sealed class PlainWordsTests
{
    [Fact]
    public void An_estimator_that_is_surely_too_low_is_called_too_low() =>
        Assert.Contains("it says 20.0\u202f% too little on average (95\u202f% sure: −21.4\u202f% to −18.6\u202f%, 8 runs)", WordsOn(-20, -21, -19, u: 1), StringComparison.Ordinal);

    [Fact]
    public void An_estimator_that_is_surely_too_high_is_called_too_high() =>
        Assert.Contains("it says 8.8\u202f% too much", WordsOn(8.8, 4, 13, u: 1), StringComparison.Ordinal);

    [Fact]
    public void An_interval_around_zero_claims_nothing() =>
        Assert.Contains("cannot be told from none", WordsOn(-1, -3, 1, u: 0.5), StringComparison.Ordinal);

    [Fact]
    public void A_bias_smaller_than_the_meters_uncertainty_claims_nothing() =>
        Assert.Contains("cannot be told from none", WordsOn(-1, -1.1, -0.9, u: 2), StringComparison.Ordinal);

    [Fact]
    public void An_unknown_uncertainty_claims_nothing() =>
        Assert.Contains("against a meter of unknown accuracy", WordsOn(-20, -21, -19, u: null), StringComparison.Ordinal);

    [Fact]
    public void A_single_run_says_that_it_is_too_few() =>
        Assert.Contains("too few to say", WordsOn(-20, null, null, u: 1), StringComparison.Ordinal);

    [Fact]
    public void Runs_that_do_not_count_are_counted_in_words()
    {
        var words = PlainWords.Of(SyntheticCampaign.Input().Results)[0].Text;
        Assert.Equal("12 runs took place; 10 of them are valid and count here (the rest: 1 failed; 1 finished but broke a rule of measurement and is not valid).", words);
    }

    [Fact]
    public void A_missing_figure_of_a_valid_run_is_told()
    {
        var words = PlainWords.Of(SyntheticCampaign.Input().Results).Single(statement => statement.Subject == "codecarbon").Text;
        Assert.Contains("of 9 runs. In 1 valid run it gave no usable figure.", words, StringComparison.Ordinal);
    }

    private static string WordsOn(double bias, double? low, double? high, double? u)
    {
        var results = SyntheticCampaign.Input().Results;
        return PlainWords.Of(results with
        {
            Runs = [.. results.Runs.Select(run => run with { Estimators = [.. run.Estimators.Select(e => e with { ErrorUncertaintyPct = u })] })],
            Summary = [new SummaryRow { Group = "g", Estimator = "codecarbon", N = 8, BiasPct = bias, BiasCi95Pct = low is null ? null : [low.Value, high!.Value] }],
        }).Single(statement => statement.Subject == "codecarbon").Text;
    }
}
