using System.Globalization;
using System.Text.RegularExpressions;

using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Carbontracker;

/// <summary>What one tracker's logs say.</summary>
/// <param name="Rows">Predictions and the total, in the order of the logs.</param>
/// <param name="Claim">The total as a claim; null where there is none.</param>
internal sealed partial record CarbontrackerRun(IReadOnlyList<EstimatorRow> Rows, Claim? Claim)
{
    private const double JoulesPerKwh = 3.6e6;
    private const double PueOfVersion2 = 1.58;

    // The output log has averages over samples that were not rounded; genuine pairs differ by some 1e-4.
    private const double LogsAgree = 0.01;

    /// <summary>Puts the two logs of one tracker together; either may be missing.</summary>
    public static CarbontrackerRun Of(string stem, StandardLog? standard, OutputLog? output)
    {
        var findings = new List<Finding>();
        var pue = Pue(standard, output, findings);
        var identity = new EstimatorRow
        {
            Run = Identity().Match(Path.GetFileName(stem)) is { Success: true } match ? match.Groups[2].Value : null,
            Project = Identity().Match(Path.GetFileName(stem)) is { Success: true } named && named.Groups[1].Length > 0 ? named.Groups[1].Value : null,
            Version = standard?.Version,
            Pue = pue,
        };
        var predicted = (output?.Blocks ?? []).Where(block => block.Predicted).Select(block => Predicted(identity, block, output!.File));
        var actual = output?.Blocks.LastOrDefault(block => !block.Predicted);
        var claim = standard is { Epochs.Count: > 0 }
            ? EpochSum.Of(identity, standard, actual, findings)
            : actual is null ? null : Printed(identity, actual, output!.File, findings);
        if (claim is not null)
            return new CarbontrackerRun([.. predicted, claim.Row], claim);

        // A tracker that saw no epoch: a row that says so is better than none.
        var nothing = new Finding("no-epoch", Severity.Invalid, $"{standard?.File ?? output!.File} holds no finished epoch: nothing was measured; no energy is attributed");
        return new CarbontrackerRun([.. predicted, identity with { Findings = [nothing] }], null);
    }

    /// <summary>Whether the printed and the summed energy of the same epochs are one.</summary>
    public static bool Agree(double joules, double printed) => Math.Abs(joules - printed) <= LogsAgree * printed;

    /// <summary>J without PUE of what the output log prints.</summary>
    public static double? Joules(OutputBlock? block, double pue) => block?.Kwh * JoulesPerKwh / pue;

    private static double Pue(StandardLog? standard, OutputLog? output, List<Finding> findings)
    {
        if (standard?.Pue is > 0 and { } told)
            return told;
        if (output is not null && !output.IsVersion2)
        {
            findings.Add(new Finding("pue-unknown", Severity.Warning,
                $"no log tells the PUE inside the energy of {output.File}; 1.58 is taken out, though 1.1.7 to 1.2.5 put 1.55 in"));
        }

        return PueOfVersion2;
    }

    private static EstimatorRow Predicted(EstimatorRow identity, OutputBlock block, string file) => identity with
    {
        EnergyJ = Joules(block, identity.Pue),
        DurationS = block.DurationS,
        EndedLocal = block.Time is { } time ? LocalTimes.Write(LocalTimes.AsUtcSeconds(time)) : null,
        Predicted = true,
        Findings = [new Finding("predicted", Severity.Note, $"{file}:{block.Line} is a prediction for {block.Epochs?.ToString(CultureInfo.InvariantCulture) ?? "all"} epochs and is never compared"), .. Damage(block, file)],
    };

    private static Claim Printed(EstimatorRow identity, OutputBlock block, string file, List<Finding> findings)
    {
        findings.Add(new Finding("printed-total", Severity.Note, $"the energy is the rounded total of {file}: there is no standard log with durations and powers beside it"));
        return new Claim
        {
            Row = identity with
            {
                EnergyJ = Joules(block, identity.Pue),
                DurationS = block.DurationS,
                EndedLocal = block.Time is { } time ? LocalTimes.Write(LocalTimes.AsUtcSeconds(time)) : null,
                Findings = [.. findings, .. Damage(block, file)],
            },
            Place = $"{file}:{block.Line}",
            Tracker = file,
            EndedS = block.Time is { } ended ? LocalTimes.AsUtcSeconds(ended) : null,
            ResolutionJ = block.StepKwh * JoulesPerKwh / identity.Pue,
        };
    }

    private static IEnumerable<Finding> Damage(OutputBlock block, string file)
    {
        if (block.Kwh is null)
            yield return new Finding("damaged-row", Severity.Invalid, $"the block at {file}:{block.Line} has no whole energy line: the file was cut off or changed; its energy is not used");
    }

    // [prefix_]pid.random_time_
    [GeneratedRegex(@"^(?:(.+)_)?(\d+\.\d+)_[^_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Identity();
}
