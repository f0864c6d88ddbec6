using System.Text;

using CsCheck;

using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Targets;

/// <summary>What every target does, however it is reached.</summary>
public abstract class TargetContract
{
    private protected static readonly CommandOptions Soon = new(TimeSpan.FromSeconds(30));

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract ITarget Target { get; }

    [Fact]
    public async Task Exit_code_and_both_outputs_come_back()
    {
        var result = await Target.RunAsync(["sh", "-c", "echo out; echo err >&2; exit 7"], Soon, Token);

        Assert.Equal(new CommandResult(7, "out\n", "err\n"), result);
    }

    [Fact]
    public async Task A_program_that_a_signal_ends_has_128_more()
    {
        var result = await Target.RunAsync(["sh", "-c", "kill -s KILL $$"], Soon, Token);

        Assert.Equal(137, result.ExitCode);
    }

    [Fact]
    public async Task A_missing_program_is_127_as_in_every_shell() =>
        Assert.Equal(127, (await Target.RunAsync(["no-such-program"], Soon, Token)).ExitCode);

    [Fact]
    public async Task Input_arrives_and_ends()
    {
        var result = await Target.RunAsync(["cat"], Soon with { Input = "one\ntwo"u8.ToArray() }, Token);

        Assert.Equal("one\ntwo", result.Output);
    }

    [Fact]
    public async Task A_program_need_not_read_its_input()
    {
        var result = await Target.RunAsync(["true"], Soon with { Input = new byte[512 * 1024] }, Token);

        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Any_argument_passes_verbatim()
    {
        var words = Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.Char["'\"\\$`\n!*ä€"]), 0, 12]
            .Array[1, 6].Array[4];
        foreach (var arguments in words.Single())
        {
            var result = await Target.RunAsync(["sh", "-c", """printf '%s\0' "$@" """, "sh", .. arguments], Soon, Token);

            Assert.Equal(string.Concat(arguments.Select(word => word + "\0")), result.Output);
        }
    }

    [Fact]
    public async Task Variables_and_folder_are_set_and_nothing_in_them_is_evaluated()
    {
        var options = Soon with
        {
            Environment = new Dictionary<string, string> { ["METERLAB_A"] = "$(id) 'x' \"y\"\n`z`", ["METERLAB_B"] = "" },
            WorkingDirectory = "/usr",
        };

        var result = await Target.RunAsync(["sh", "-c", """printf '%s|%s|%s' "$METERLAB_A" "${METERLAB_B-unset}" "$PWD" """], options, Token);

        Assert.Equal("$(id) 'x' \"y\"\n`z`||/usr", result.Output);
    }

    [Fact]
    public async Task A_variable_with_an_impossible_name_is_refused()
    {
        var options = Soon with { Environment = new Dictionary<string, string> { ["A;id"] = "1" } };

        await Assert.ThrowsAsync<ArgumentException>(() => Target.RunAsync(["true"], options, Token));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_a_failure_and_not_an_exit_code()
    {
        var failure = await Assert.ThrowsAsync<TargetException>(
            () => Target.RunAsync(["true"], Soon with { WorkingDirectory = "/no/such" }, Token));

        Assert.Equal(TargetFailure.Command, failure.Failure);
        Assert.Contains("/no/such", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_output_is_cut_and_the_cut_is_said()
    {
        var result = await Target.RunAsync(["sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; exit 3"], Soon, Token);

        Assert.Equal(3, result.ExitCode);
        Assert.EndsWith($"\n[cut: {3_000_000 - 1024 * 1024} bytes more]", result.Output, StringComparison.Ordinal);
        Assert.Equal(new string('x', 1000), result.Output[..1000]);
    }

    [Fact]
    public async Task A_deadline_kills_the_program_and_its_children()
    {
        var mark = $"{Random.Shared.Next(100_000, 900_000)}.25";

        var failure = await Assert.ThrowsAsync<TargetException>(
            () => Target.RunAsync(["sh", "-c", $"sleep {mark} & sleep {mark}; echo"], new CommandOptions(TimeSpan.FromSeconds(1)), Token));

        Assert.Equal(TargetFailure.TimedOut, failure.Failure);
        await Processes.UntilAsync(() => Processes.WithArgument(mark).Count == 0, Token);
    }

    [Fact]
    public async Task Cancelling_kills_the_program_too()
    {
        var mark = $"{Random.Shared.Next(100_000, 900_000)}.5";
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = Target.RunAsync(["sleep", mark], Soon, cancel.Token);
        await Processes.UntilAsync(() => Processes.WithArgument(mark).Count > 0, Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Processes.UntilAsync(() => Processes.WithArgument(mark).Count == 0, Token);
    }

    [Fact]
    public async Task A_file_goes_there_and_back_with_its_permissions()
    {
        var path = $"/tmp/meterlab-{Guid.NewGuid():N} it's";
        var content = Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7)).ToArray();
        try
        {
            await Target.UploadAsync(content, path, 0b111_000_000, Token);

            Assert.Equal(content, await Target.FetchAsync(path, content.Length, Token));
            Assert.Equal("700\n", (await Target.RunAsync(["stat", "-c", "%a", path], Soon, Token)).Output);
            var failure = await Assert.ThrowsAsync<TargetException>(() => Target.FetchAsync(path, content.Length - 1, Token));
            Assert.Contains("larger than", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_null() =>
        Assert.Null(await Target.FetchAsync("/tmp/meterlab-no-such-file", 10, Token));

    [Fact]
    public async Task A_file_that_cannot_be_written_is_a_failure() =>
        await Assert.ThrowsAsync<TargetException>(() => Target.UploadAsync("x"u8.ToArray(), "/no/such/folder/file", 0b110_000_000, Token));

    [Fact]
    public async Task A_channel_answers_line_by_line_with_ordered_brackets()
    {
        await using var channel = await Target.OpenChannelAsync(["sh", "-c", "while read -r l; do echo \"<$l>\"; done"], Token);
        long last = 0;
        foreach (var line in (string[])["a", "b c", ""])
        {
            var reply = await channel.ExchangeAsync(line, TimeSpan.FromSeconds(10), Token);

            Assert.Equal($"<{line}>", reply.Line);
            Assert.True(last <= reply.BeforeNs && reply.BeforeNs <= reply.AfterNs);
            last = reply.AfterNs;
        }
    }

    [Fact]
    public async Task A_channel_that_missed_a_deadline_is_not_used_again()
    {
        await using var channel = await Target.OpenChannelAsync(["sh", "-c", "read -r l; sleep 2; echo late; read -r l; echo next"], Token);

        var late = await Assert.ThrowsAsync<TargetException>(() => channel.ExchangeAsync("x", TimeSpan.FromMilliseconds(200), Token));
        var after = await Assert.ThrowsAsync<TargetException>(() => channel.ExchangeAsync("y", TimeSpan.FromSeconds(10), Token));

        Assert.Equal(TargetFailure.TimedOut, late.Failure);
        Assert.Equal(TargetFailure.Disconnected, after.Failure);
    }

    [Fact]
    public async Task A_channel_whose_program_ends_says_its_last_words()
    {
        await using var channel = await Target.OpenChannelAsync(["sh", "-c", "read -r l; echo sorry >&2; exit 1"], Token);

        var failure = await Assert.ThrowsAsync<TargetException>(() => channel.ExchangeAsync("x", TimeSpan.FromSeconds(10), Token));

        Assert.Equal(TargetFailure.Disconnected, failure.Failure);
    }

    [Theory]
    [InlineData("best")]
    [InlineData("bash")]
    [InlineData("python3")]
    [InlineData("perl")]
    [InlineData("date")]
    public async Task Every_clock_helper_tells_this_machines_time(string name)
    {
        var helper = name == "best"
            ? await TargetClock.FindHelperAsync(Target, Token)
            : ClockHelpers.All.First(candidate => candidate.Name == name);
        await using var clock = await TargetClock.OpenAsync(Target, helper, Token);

        var observations = await TargetClock.ProbeAsync(clock, new ProbeOptions(20, 10), TimeProvider.System, Token);

        // The same machine: UTC minus monotonic must lie within every bracket.
        var anchor = new SystemHostClock().Anchor();
        var offset = anchor.UtcNs - anchor.MonotonicNs;
        Assert.All(observations, o => Assert.InRange(
            o.RemoteNs - offset, o.BeforeNs - o.ResolutionNs - 1_000_000, o.AfterNs + 1_000_000));
        Assert.InRange((await clock.CpuSecondsAsync(Token))!.Value, 0.0001, 5);
    }
}
