using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Sensors.Nvidia;

/// <summary>NVIDIA's own sensors through <c>nvidia-smi</c>, which stays open for the run: power of every card, and its energy counter where there is one.</summary>
public sealed class NvidiaSmiEstimator : SensorEstimator
{
    private const string Energy = "total_energy_consumption";
    private const double MillijoulesPerJoule = 1000;

    // The value that says least about the past comes first.
    private static readonly string[] Powers = ["power.draw.instant", "power.draw", "power.draw.average"];

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "nvidia-smi",
        Scopes = [Scope.Gpu],
        Covers = "Every NVIDIA card as a whole (chip, memory, regulators), by its own sensors.",
        LeavesOut = "The power supply's loss, the processor and everything else; cards that tell no power make the figure unusable.",
        RunsOnTarget = true,
        Source = "NVML API reference, nvidia-smi(1); Yang, Adamek, Armour 2023, arXiv 2312.02741",
        Clock = "The driver's stamp in UTC (milliseconds) where it fits the time at which the line arrived; else that.",
        Install = "NVIDIA's driver, which brings nvidia-smi; on the PATH or named by command:.",
        OwnFiles = ["nvidia-smi*.samples"],
        VersionQuery = ["nvidia-smi", "--version"],
        Program = "nvidia-smi",
        Needs = [TargetNeed.Nvidia(essential: true, "NVIDIA's driver is not installed")],
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("all", "what a power is averaged over depends on the card, from 25 ms of every 100 ms to one second", "averaging-window"),
            new KnownDefect("all", "energy counter and added-up power can disagree", "counter-disagrees"),
        ],
    };

    private protected override double DefaultIntervalS => 0.1;

    private protected override IReadOnlyList<string> Kinds { get; } = ["nvidia"];

    private protected override IReadOnlyList<string> Arguments(EstimatorSettings settings) => [settings.Command ?? "nvidia-smi"];

    private protected override (IReadOnlyList<SensorTrack> Tracks, IReadOnlyList<Scope> Scopes, double StepW) Tracks(SensorFile file, List<Finding> findings)
    {
        var fields = file.Descriptions.FirstOrDefault(line => line.StartsWith("fields ", StringComparison.Ordinal))?[7..].Split(',') ?? [];
        var rows = Rows(file, fields, findings);
        if (rows.Count == 0)
        {
            var said = file.Readings.Count > 0 ? string.Join(" ", file.Readings[0].Lines).Trim() : "nothing";
            findings.Add(new Finding("no-card", Severity.Invalid, $"{file.Path}: nvidia-smi told of no card, it said: {(said.Length > 300 ? said[..300] : said)}; its energy is not used"));
            return ([], [], 0);
        }

        var tracks = new List<SensorTrack>();
        foreach (var card in rows.GroupBy(row => row["index"]))
            tracks.AddRange(OfCard(file, $"card {card.Key}", [.. card], findings));
        return (tracks, Facts.Scopes, 0);
    }

    // A row a card and moment.
    private static List<Row> Rows(SensorFile file, string[] fields, List<Finding> findings)
    {
        var rows = new List<Row>();
        var other = 0;
        foreach (var reading in file.Readings)
        {
            foreach (var line in reading.Lines)
            {
                var values = line.Split(',').Select(text => text.Trim()).ToArray();
                if (values.Length == fields.Length && fields.Contains("index") && int.TryParse(values[Array.IndexOf(fields, "index")], NumberStyles.None, CultureInfo.InvariantCulture, out _))
                    rows.Add(new Row(reading.AtS, fields, values));
                else
                    other++;
            }
        }

        if (other > 0 && rows.Count > 0)
            findings.Add(new Finding("damaged-row", Severity.Warning, $"{other} lines of {file.Path} are no rows of nvidia-smi and are left out"));
        return rows;
    }

    private static IEnumerable<SensorTrack> OfCard(SensorFile file, string card, Row[] rows, List<Finding> findings)
    {
        findings.Add(new Finding("averaging-window", Severity.Note, $"{card} ({rows[0]["name"]}) {NvidiaWindow.Of(rows[0]["name"])}"));
        var power = Powers.FirstOrDefault(field => Array.Exists(rows, row => row.Number(field) is not null));
        var readings = new PowerReadings(file, "gpu");
        foreach (var row in rows)
            readings.Add(card, row.AtS, power is null ? null : row.Number(power));
        var counter = Counter(rows);
        // Only where the counter does not help is it fatal that there is no power.
        var told = new List<Finding>();
        var byPower = readings.Tracks(LongestJoinS(file), told);
        if (counter is null)
        {
            findings.AddRange(told);
            if (power is not null and not "power.draw.instant")
                findings.Add(new Finding("power-field", Severity.Note, $"{card}: {power} is added up; this driver tells no momentary power"));
            return byPower;
        }

        Compare(card, counter, byPower, findings);
        return [counter];
    }

    private static SensorTrack? Counter(Row[] rows)
    {
        var values = rows.Where(row => row.Number(Energy) is not null).Select(row => (row.AtS, Joules: row.Number(Energy)!.Value / MillijoulesPerJoule)).ToArray();
        if (values.Length < 2)
            return null;
        var track = new SensorTrack("gpu");
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0 && values[i].AtS <= values[i - 1].AtS)
                continue;
            if (i > 0 && values[i].Joules < values[i - 1].Joules)
                track.AddAfterBreak(values[i].AtS);
            else
                track.Add(values[i].AtS, i == 0 ? 0 : values[i].Joules - values[i - 1].Joules);
        }

        return track;
    }

    private static void Compare(string card, SensorTrack counter, IReadOnlyList<SensorTrack> byPower, List<Finding> findings)
    {
        var (counted, added) = (SensorTrack.Combine([counter])?.Total().Joules["gpu"], SensorTrack.Combine(byPower)?.Total().Joules["gpu"]);
        if (counted is { } joules && added is { } sum)
            findings.Add(new Finding("counter-disagrees", Math.Abs(joules - sum) > 0.05 * sum ? Severity.Warning : Severity.Note, FormattableString.Invariant($"{card}: {joules:0.#} J by its energy counter, which counts here; {sum:0.#} J by adding up its power")));
    }

    private sealed class Row
    {
        // A stamp that is farther from the moment of arrival is in another zone than UTC, or of another clock.
        private const double LongestWayS = 5;

        private readonly string[] _fields;
        private readonly string[] _values;

        public Row(double arrivedS, string[] fields, string[] values)
        {
            (_fields, _values) = (fields, values);
            var own = Text.LocalTimes.Parse(this["timestamp"].Replace('/', '-')) is { } time ? Text.LocalTimes.AsUtcSeconds(time) : double.NaN;
            AtS = Math.Abs(own - arrivedS) <= LongestWayS ? own : arrivedS;
        }

        public double AtS { get; }

        public string this[string field] => Array.IndexOf(_fields, field) is >= 0 and var at ? _values[at] : "";

        // "[N/A]" and its like are none.
        public double? Number(string field) =>
            double.TryParse(this[field], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && value >= 0 ? value : null;
    }
}
