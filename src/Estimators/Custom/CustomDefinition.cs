using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Custom;

/// <summary>An estimator as a user describes it in a file.</summary>
internal sealed record CustomDefinition
{
    public required string Name { get; init; }

    public required IReadOnlyList<Scope> Scopes { get; init; }

    /// <summary>The pattern of its file's name.</summary>
    public required string File { get; init; }

    public required CustomFormat Format { get; init; }

    public string Covers { get; init; } = "What its description says.";

    public string LeavesOut { get; init; } = "Not told by its description.";

    /// <summary>Program and arguments, where it is run beside a workload; <c>{run}</c> stands for the run's name.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string StopSignal { get; init; } = "TERM";

    public double StartTimeS { get; init; } = 5;

    public double StopTimeS { get; init; } = 10;

    public char Separator { get; init; } = ',';

    /// <summary>Where the list of rows stands in a JSON document; null where the document is the row.</summary>
    public string? Each { get; init; }

    /// <summary>J with PUE inside; null where there are only components or a power.</summary>
    public CustomField? Energy { get; init; }

    /// <summary>Mean W since the row before.</summary>
    public CustomField? Power { get; init; }

    public IReadOnlyDictionary<string, CustomField> Components { get; init; } = new Dictionary<string, CustomField>();

    public CustomField? Duration { get; init; }

    public CustomField? Time { get; init; }

    public CustomTimeFormat TimeFormat { get; init; }

    /// <summary>Whether the time is that of the start.</summary>
    public bool TimeIsStart { get; init; }

    public CustomField? Project { get; init; }

    public CustomField? Run { get; init; }

    public CustomField? Version { get; init; }

    /// <summary>Where the PUE stands that is inside the energies.</summary>
    public CustomField? PueField { get; init; }

    /// <summary>The PUE that is always inside.</summary>
    public double Pue { get; init; } = 1;

    public CustomRows Rows { get; init; }

    /// <summary>The text of the description, kept with a run's evidence.</summary>
    public required string Text { get; init; }

    /// <summary>The description's file, for messages.</summary>
    public required string Source { get; init; }
}
