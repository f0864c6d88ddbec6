using MeterLab.Estimators.Custom;
using MeterLab.TestKit;

namespace MeterLab.Estimators.Tests;

/// <summary>The page for users names every estimator, and its example works.</summary>
public sealed class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFiles.Path("docs", "estimators.md"));

    [Fact]
    public void Every_estimator_has_its_paragraph() => Assert.All(EstimatorCatalog.All, estimator =>
    {
        var paragraph = Page.Split("\n\n").SingleOrDefault(text => text.StartsWith("**", StringComparison.Ordinal) && text[2..].Split("**")[0].Split(", ").Contains(estimator.Facts.Name));
        Assert.NotNull(paragraph);
        Assert.Equal(!estimator.Facts.FormatVerified && estimator.Facts.RunsOnTarget, paragraph.Split('.')[0].Contains("unverified", StringComparison.Ordinal));
    });

    [Fact]
    public void The_example_of_a_description_is_one()
    {
        var example = Page.Split("```yaml\n").Last().Split("```")[0];

        Assert.Equal("watt-logger", CustomEstimator.Parse(example, "estimators.md").Facts.Name);
        Assert.Equal(4800, Assert.Single(CustomEstimator.Parse(example, "estimators.md").Read([Handmade.File("custom/log.csv")]).Rows).EnergyJ!.Value, 6);
    }
}
