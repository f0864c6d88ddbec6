using System.Globalization;

using MeterLab.Estimators.Csv;
using MeterLab.Measurement;
using MeterLab.Storage.Studies;

namespace MeterLab.Orchestrator.Studies;

/// <summary>
/// Joins the experiments of a recording with the photographed readings of its meter. An experiment that is not whole is left out and named;
/// the others are kept. Nothing is guessed: a missing figure is a reason, not a zero.
/// </summary>
internal sealed class RecordingReader
{
    private const double JoulesPerKwh = 3.6e6;

    // The display's smallest step, and the most digits that can be a display's own rather than the rest of a computation.
    private const int DisplayDigits = 3;
    private const int MostDigits = 6;

    private readonly RecordingFiles _files;
    private readonly List<StudySkipped> _skipped = [];
    private readonly List<Finding> _findings = [];

    private RecordingReader(RecordingFiles files) => _files = files;

    /// <summary>Reads the pair.</summary>
    public static StudyRecording Read(RecordingFiles files) => new RecordingReader(files).Read();

    private StudyRecording Read()
    {
        var column = _files.Experiments.IndexOf("run_id");
        var rows = _files.Experiments.Rows.Where(row => row.Fields.Count > column).ToLookup(row => row.Fields[column]);
        var known = rows.Select(group => group.Key).Where(run => run.Length > 0).ToHashSet(StringComparer.Ordinal);
        var images = Images(known);
        var resolution = Resolution(images.SelectMany(group => group));

        var experiments = new List<StudyExperiment>();
        foreach (var row in _files.Experiments.Rows)
        {
            var run = row.Fields.Count > column && row.Fields[column].Length > 0 ? row.Fields[column] : $"line {row.Line}";
            if (rows[run].Count() > 1)
            {
                if (rows[run].First() == row)
                    Skip(run, $"its run id stands {rows[run].Count()} times in {_files.Name}.csv; which row is meant cannot be told");
            }
            else if (Experiment(run, row, images[run]) is { } experiment)
            {
                experiments.Add(experiment);
            }
        }

        var ordered = experiments.OrderBy(experiment => experiment.StartUtcNs).ToArray();
        FindBackwards(ordered, resolution);
        return new StudyRecording
        {
            Name = _files.Name, Sha256 = _files.Sha256, ResolutionJ = resolution, Experiments = ordered, Skipped = _skipped, Findings = _findings,
        };
    }

    private ILookup<string, MeterImage> Images(HashSet<string> known)
    {
        var images = _files.Images.Rows.Select(row => MeterImage.From(_files.Images, row, known)).ToArray();
        foreach (var image in images.Where(image => image.Run is null || !known.Contains(image.Run)))
        {
            Skip(image.Run ?? image.Name, image.Run is null
                ? $"line {image.Line} of the image file names no capture before or after a run: '{image.Name}'"
                : $"the image '{image.Name}' is of a run that {_files.Name}.csv does not have");
        }

        return images.Where(image => image.Run is not null && known.Contains(image.Run)).ToLookup(image => image.Run!);
    }

    private StudyExperiment? Experiment(string run, CsvRow row, IEnumerable<MeterImage> images)
    {
        if (Defect(row) is { } defect)
            return Skip(run, defect);
        var (start, startProblem) = Reading(images.Where(image => !image.Stop).ToArray(), "start");
        var (stop, stopProblem) = Reading(images.Where(image => image.Stop).ToArray(), "stop");
        if ((startProblem ?? stopProblem) is { } problem)
            return Skip(run, problem);
        if (stop!.ValueKwh < start!.ValueKwh)
            return Skip(run, $"the meter runs backwards in it: {start.ValueText} kWh before, {stop.ValueText} kWh after");
        if (stop.ValueKwh == start.ValueKwh)
            return Skip(run, $"the meter did not move in it ({start.ValueText} kWh before and after), so no relative error can be given");

        var (duration, energy) = (Number(row, "metrics.running_time_total"), Number(row, "metrics.power_draw_total"));
        var (begin, end) = (Time(row, "start_time"), Time(row, "end_time"));
        if (duration is not > 0)
            return Skip(run, $"metrics.running_time_total is no number of seconds above 0: '{Field(row, "metrics.running_time_total")}'");
        if (energy is not >= 0)
            return Skip(run, $"metrics.power_draw_total is no number of joules: '{Field(row, "metrics.power_draw_total")}'");
        if (begin is null || end is null || end < begin)
            return Skip(run, $"start_time and end_time are no times in order: '{Field(row, "start_time")}', '{Field(row, "end_time")}'");
        CheckDifference(run, start, stop);
        return new StudyExperiment
        {
            Run = run,
            Architecture = Field(row, "params.architecture"),
            Model = Field(row, "params.model"),
            Parameters = Parameters(row),
            StartUtcNs = begin.Value,
            EndUtcNs = end.Value,
            DurationS = duration.Value,
            EstimatorJ = energy.Value,
            MeterStartJ = start.ValueKwh!.Value * JoulesPerKwh,
            MeterStopJ = stop.ValueKwh!.Value * JoulesPerKwh,
        };
    }

    // The study itself dropped every experiment with an empty field.
    private string? Defect(CsvRow row)
    {
        var header = _files.Experiments.Header;
        if (row.Defect is { } defect)
            return $"its row is no CSV: {defect}";
        if (row.Fields.Count != header.Count)
            return $"its row has {row.Fields.Count} of {header.Count} fields";
        var empty = header.Where((_, i) => string.IsNullOrWhiteSpace(row.Fields[i])).ToArray();
        return empty.Length == 0 ? null : $"empty field: {string.Join(", ", empty)}";
    }

    private static (MeterImage? Image, string? Problem) Reading(MeterImage[] images, string edge) => images switch
    {
        [] => (null, $"no {edge} image"),
        [{ Defect: { } defect } image] => (null, $"line {image.Line} of the image file, its {edge} image, {defect}"),
        [{ ValueText.Length: 0 } image] => (null, $"empty field: value of its {edge} image"),
        [{ ValueKwh: null } image] => (null, $"the value of its {edge} image is no number: '{image.ValueText}'"),
        [var image] => (image, null),
        _ => (null, $"{images.Length} {edge} images"),
    };

    private void CheckDifference(string run, MeterImage start, MeterImage stop)
    {
        var difference = stop.ValueKwh!.Value - start.ValueKwh!.Value;
        if (stop.DifferenceKwh is { } written && Math.Abs(written - difference) > 0.5 * Math.Pow(10, -DisplayDigits))
        {
            Warn("difference", string.Create(CultureInfo.InvariantCulture,
                $"{run}: the image file writes a difference of {written:0.###} kWh, its readings differ by {difference:0.###} kWh; the readings are used"));
        }
    }

    // Between two runs the counter stands or runs on. Backwards means a misread digit in one of the two, or another meter.
    private void FindBackwards(StudyExperiment[] ordered, double resolution)
    {
        foreach (var (before, after) in ordered.Zip(ordered.Skip(1)))
        {
            if (after.MeterStartJ < before.MeterStopJ - 0.5 * resolution)
            {
                Warn("reading-backwards", string.Create(CultureInfo.InvariantCulture,
                    $"{_files.Name}: the reading runs backwards between runs {before.Run} (after it {before.MeterStopJ / JoulesPerKwh:0.###} kWh) and {after.Run} (before it {after.MeterStartJ / JoulesPerKwh:0.###} kWh); one of the two is misread"));
            }
        }
    }

    private static double Resolution(IEnumerable<MeterImage> images)
    {
        var values = images.Select(image => image.ValueKwh).OfType<double>().ToArray();
        var digits = DisplayDigits;
        while (digits < MostDigits && values.Any(value => Math.Abs(Math.Round(value, digits) - value) > 1e-9))
            digits++;
        return digits == MostDigits ? Math.Pow(10, -DisplayDigits) * JoulesPerKwh : JoulesPerKwh / Math.Pow(10, digits);
    }

    private Dictionary<string, string> Parameters(CsvRow row)
    {
        const string Prefix = "params.";
        return _files.Experiments.Header
            .Select((column, i) => (Column: column, Value: row.Fields[i]))
            .Where(field => field.Column.StartsWith(Prefix, StringComparison.Ordinal) && field.Column is not ("params.architecture" or "params.model"))
            .ToDictionary(field => field.Column[Prefix.Length..], field => field.Value);
    }

    private string Field(CsvRow row, string column) => row.Fields[_files.Experiments.IndexOf(column)];

    private double? Number(CsvRow row, string column) =>
        double.TryParse(Field(row, column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private long? Time(CsvRow row, string column) =>
        DateTimeOffset.TryParse(Field(row, column), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? (time - DateTimeOffset.UnixEpoch).Ticks * 100
            : null;

    private StudyExperiment? Skip(string run, string reason)
    {
        _skipped.Add(new StudySkipped(run, reason));
        return null;
    }

    private void Warn(string rule, string detail) => _findings.Add(new Finding(rule, Severity.Warning, detail));
}
