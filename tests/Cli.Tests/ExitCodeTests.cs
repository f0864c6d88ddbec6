using MeterLab.Cli.Tests.Support;

namespace MeterLab.Cli.Tests;

public sealed class ExitCodeTests
{
    [Fact]
    public async Task Success_is_0_with_the_result_on_standard_output_alone()
    {
        var run = await CommandRun.OfAsync("meter", "read", "fake://bench");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("123.4 W", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Theory]
    [InlineData("fake://down", "connection refused")]
    [InlineData("fake://sick", "not a fake-1")]
    public async Task Work_that_fails_is_1_and_says_why_in_at_most_three_lines(string uri, string why)
    {
        var run = await CommandRun.OfAsync("meter", "read", uri, "--json");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.InRange(run.ErrorLines.Length, 1, 3);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_is_1_in_one_line_that_names_verbose()
    {
        var run = await CommandRun.OfAsync("meter", "read", "fake://broken");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("meterlab: unexpected: a bug (run again with --verbose for the details)", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task Verbose_adds_the_stack_trace()
    {
        var run = await CommandRun.OfAsync("meter", "read", "fake://broken", "--verbose");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("   at MeterLab.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("meter", "read", "fake://nowhere")]
    [InlineData("meter", "read", "10.0.0.1")]
    [InlineData("meter", "read", "fakes://bench")]
    [InlineData("meter", "read")]
    [InlineData("meter", "reed", "fake://bench")]
    [InlineData("meter", "read", "fake://bench", "--jsn")]
    [InlineData("meter", "watch", "fake://bench", "--seconds", "-1")]
    [InlineData("meter", "watch", "fake://bench", "--interval", "5")]
    [InlineData("meter", "record", "fake://bench", "--seconds", "1")]
    [InlineData("meter", "record", "fake://bench", "--seconds", "1", "--out", "trace.txt")]
    [InlineData("meter", "record", "fake://bench", "--seconds", "1", "--out", "/no/such/folder/trace.csv")]
    [InlineData("meter", "record", "fake://bench", "--seconds", "1", "--out", "trace.csv", "--channel", "totl")]
    [InlineData("meter")]
    [InlineData("metre")]
    public async Task Wrong_usage_is_2_in_at_most_three_lines_on_standard_error(params string[] args)
    {
        var run = await CommandRun.OfAsync(args);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.InRange(run.ErrorLines.Length, 1, 3);
        Assert.StartsWith("meterlab: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_command_at_all_is_2()
    {
        var run = await CommandRun.OfAsync();

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("meterlab --help", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interruption_is_130()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var watching = CommandRun.OfAsync(interrupt.Token, "meter", "watch", "fake://bench", "--interval", "1h", "--json");
        await interrupt.CancelAsync();
        var run = await watching;

        Assert.Equal(130, run.ExitCode);
        Assert.Equal("meterlab: interrupted", Assert.Single(run.ErrorLines));
    }
}
