using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Orchestrator.Baselines;

namespace MeterLab.Cli.Commands;

/// <summary><c>baseline history TARGET</c>: every baseline, with what changed from one to the next.</summary>
internal static class BaselineHistoryCommand
{
    private sealed record Row(
        string Measured, string Scope, double StaticW, double? UncertaintyW, double K, double DurationS, bool Steady, [property: JsonIgnore] string SteadyWord, string? ValidUntil, string Fingerprint, string? Campaign,
        double? ChangeW, bool? Changed, bool? BeyondNights, IReadOnlyList<string> FingerprintChanges);

    private sealed record Document(string Target, IReadOnlyList<Row> Baselines);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var target = new Argument<string>("TARGET") { Description = "a target that has baselines" };
        var scope = BaselineMeasureCommand.ScopeOption("only of this scope");
        return host.Reading(
            new Command("history", "idle power over time, and what changed") { target, scope },
            (arguments, session, _) => Task.FromResult(Run(arguments.GetRequiredValue(target), arguments.GetValue(scope), session)));
    }

    private static int Run(string name, string? scope, Session session)
    {
        var rows = BaselineShowCommand.Load(session, name, scope).Select(one => new Row(
            one.Measured, one.Scope, one.StaticW, one.UncertaintyW, one.K, one.DurationS, one.Steady, one.SteadyWord, one.ValidUntil, one.Fingerprint, one.Campaign,
            one.Change?.ChangeW, one.Change?.Changed, one.Change?.BeyondNights, one.Change?.FingerprintChanges ?? [])).ToList();
        session.Show(new Document(name, rows), text => Write(text, rows));
        return ExitCode.Success;
    }

    private static void Write(TextWriter text, List<Row> rows)
    {
        var table = new TextTable("measured", "scope", "idle power", "U (95 %)", "seconds", "steady", "by", "change", "machine");
        foreach (var row in rows)
        {
            table.Add(
                row.Measured[..Math.Min(19, row.Measured.Length)] + "Z", row.Scope, Figures.Of(row.StaticW, "W", 5), Figures.Of(row.UncertaintyW, "W", 2),
                row.DurationS.ToString("0", CultureInfo.InvariantCulture), row.SteadyWord, row.Campaign ?? "itself",
                row.ChangeW is { } change ? FormattableString.Invariant($"{change:+0.00;-0.00} W{Called(row)}") : null,
                row.FingerprintChanges.Count > 0 ? string.Join("; ", row.FingerprintChanges) : row.Fingerprint);
        }

        table.Write(text);
    }

    // What is only more than two measurements leave open is not a change of the machine yet.
    private static string Called(Row row) => row switch
    {
        { Changed: true, BeyondNights: false } => " differs",
        { Changed: true } => " CHANGED",
        _ => "",
    };
}
