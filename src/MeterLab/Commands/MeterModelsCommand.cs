using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Cli.Commands;

/// <summary><c>meter models</c>: every model of meter that is known, from profiles and from code.</summary>
internal static class MeterModelsCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host) =>
        host.Reading(new Command("models", "the models of meters that are known"), (_, session, _) => Task.FromResult(Run(session)));

    private static int Run(Session session)
    {
        var models = session.Services.Meters.Models();
        session.Show(models.Select(ModelRow.Of).ToList(), text => Write(text, models));
        return ExitCode.Success;
    }

    private static void Write(TextWriter text, IReadOnlyList<MeterFacts> models)
    {
        var table = new TextTable("model", "vendor", "transports", "power accuracy", "update", "averaging", "facts");
        foreach (var model in models)
        {
            table.Add(
                model.Model,
                model.Vendor,
                string.Join(' ', model.Transports),
                model.Accuracy.TryGetValue(Quantity.ActivePower, out var limit) ? Limit(limit) : null,
                Figures.Of(model.Response.UpdatePeriodSeconds, "s"),
                model.Response.AveragingKnown ? Figures.Of(model.Response.AveragingSeconds, "s") : "as update",
                Mark(model));
        }

        table.Write(text);
        text.WriteLine();
        text.WriteLine("facts: how well accuracy, update and resolution are supported (the weakest of them), and the registers where that is marked apart:");
        text.WriteLine("2 two independent sources, 1 one source, 0 memory or hearsay, or not known at all. None was measured here.");
    }

    private static string Mark(MeterFacts model) =>
        model.RegistersMark is { } registers && registers != model.FactsMark
            ? FormattableString.Invariant($"{model.FactsMark} of 2, registers {registers}")
            : FormattableString.Invariant($"{model.FactsMark} of 2");

    private static string Limit(AccuracyLimit limit)
    {
        var parts = new List<string>();
        if (limit.ReadingPercent > 0)
            parts.Add($"{Figures.Percent(limit.ReadingPercent)} of reading");
        if (limit.OffsetLimit > 0)
            parts.Add(Figures.Of(limit.OffsetLimit, "W"));
        return parts.Count == 0 ? "-" : string.Join(" + ", parts);
    }

    /// <summary>One row of <c>meter models --json</c> (contract, section 5).</summary>
    private sealed record ModelRow(
        string Model,
        string Vendor,
        IReadOnlyList<string> Transports,
        IReadOnlyList<string> Quantities,
        IReadOnlyDictionary<string, LimitRow> Accuracy,
        IReadOnlyDictionary<string, double> Resolution,
        double UpdatePeriodS,
        double? AveragingS,
        double? DelayS,
        int FactsMark,
        string Source)
    {
        public static ModelRow Of(MeterFacts facts) => new(
            facts.Model,
            facts.Vendor,
            facts.Transports,
            [.. facts.Quantities.Select(QuantityNames.NameOf)],
            facts.Accuracy.ToDictionary(pair => QuantityNames.NameOf(pair.Key), pair => LimitRow.Of(pair.Value)),
            facts.Resolution.ToDictionary(pair => QuantityNames.NameOf(pair.Key), pair => pair.Value),
            facts.Response.UpdatePeriodSeconds,
            facts.Response.AveragingKnown ? facts.Response.AveragingSeconds : null,
            facts.Response.DelayKnown ? facts.Response.DelaySeconds : null,
            facts.FactsMark,
            facts.Source);
    }

    private sealed record LimitRow(double ReadingPct, double RangePct, double? Range, double Absolute)
    {
        public static LimitRow Of(AccuracyLimit limit) => new(limit.ReadingPercent, limit.RangePercent, limit.Range, limit.Absolute);
    }
}
