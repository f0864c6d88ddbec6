namespace MeterLab.Cli.Rendering.Html;

/// <summary>The error of one estimator in one run, as the pictures of agreement need it.</summary>
internal sealed record AgreementPoint
{
    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>What the summary groups it by: the panel of the picture.</summary>
    public required string Group { get; init; }

    /// <summary>The workload or the model.</summary>
    public required string Kind { get; init; }

    /// <summary>The estimator.</summary>
    public required string Estimator { get; init; }

    /// <summary>What the meter says, J, above 0.</summary>
    public required double MeterJ { get; init; }

    /// <summary>%.</summary>
    public required double ErrorPct { get; init; }

    /// <summary>Expanded (95 %), percentage points; null where unknown.</summary>
    public double? UncertaintyPct { get; init; }

    /// <summary>Whether it counts.</summary>
    public bool Valid { get; init; } = true;

    /// <summary>Number of parameters of the model that was run; null where nobody said.</summary>
    public double? ModelParameters { get; init; }
}
