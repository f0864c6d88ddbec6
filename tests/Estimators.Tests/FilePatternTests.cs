namespace MeterLab.Estimators.Tests;

public sealed class FilePatternTests
{
    [Theory]
    [InlineData("a*.csv", "a.csv", true)]
    [InlineData("a*.csv", "ab.csv", true)]
    [InlineData("a*.csv", "b/ab.csv", false)]
    [InlineData("a*a", "a", false)]
    [InlineData("*x*y*", "axby", true)]
    [InlineData("*x*y*", "aybx", false)]
    [InlineData("*/b.csv", "a/b.csv", true)]
    [InlineData("a.csv", "aXcsv", false)]
    public void A_star_stands_for_any_part_of_a_name(string pattern, string path, bool matches) => Assert.Equal(matches, FilePattern.Matches(pattern, path));

    [Theory]
    [InlineData("a*.csv", "b/c/ab.csv", true)]
    [InlineData("c/a*.csv", "b/c/ab.csv", true)]
    [InlineData("d/a*.csv", "b/c/ab.csv", false)]
    [InlineData("d/a.csv", "a.csv", false)]
    public void The_end_of_a_path_is_enough_where_folders_lie_below(string pattern, string path, bool matches) => Assert.Equal(matches, FilePattern.MatchesEnd(pattern, path));
}
