using MeterLab.Fuzz;

namespace MeterLab.MeterDrivers.Tests.Fuzz;

/// <summary>A short attack on every decoder; the long one is <c>dotnet run -c Release --project tests/Fuzz -- --frames 10000000</c>.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20260301;

    public static TheoryData<string> Targets => [.. FuzzTargets.Create().Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_decoder_stands_mutated_frames(string name)
    {
        var target = FuzzTargets.Create().Single(candidate => candidate.Name == name);

        var result = FuzzRun.Attack(target, 20_000, Seed, TimeSpan.FromSeconds(3));

        Assert.Null(result.Problem);
        Assert.True(result.Accepted > 0);
        Assert.True(result.Accepted < result.Frames);
    }

    [Fact]
    public void An_attack_sees_an_exception_that_is_not_declared_and_a_decoder_that_keeps_everything()
    {
        var kept = new List<byte[]>();
        var throws = new FuzzTarget("throws", [[1, 2, 3]], (bytes, length) => length == 0 ? bytes[^1] == 0 : bytes[bytes.Length] == 0, 10_000);
        var grows = new FuzzTarget("grows", [[1, 2, 3]], (_, _) => { kept.Add(new byte[4096]); return true; }, 100_000);
        var wastes = new FuzzTarget("wastes", [[1, 2, 3]], (_, _) => new byte[4096].Length > 0, 100);

        Assert.Contains("IndexOutOfRangeException", FuzzRun.Attack(throws, 10_000, Seed, TimeSpan.FromSeconds(3)).Problem, StringComparison.Ordinal);
        Assert.Contains("grew", FuzzRun.Attack(grows, 10_000, Seed, TimeSpan.FromSeconds(3)).Problem, StringComparison.Ordinal);
        Assert.Contains("allocated", FuzzRun.Attack(wastes, 10_000, Seed, TimeSpan.FromSeconds(3)).Problem, StringComparison.Ordinal);
        Assert.NotEmpty(kept);
    }
}
