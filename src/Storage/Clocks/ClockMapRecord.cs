using MeterLab.Measurement.Clocks;

namespace MeterLab.Storage.Clocks;

/// <summary>A fitted <see cref="ClockMap"/> with what it was fitted from.</summary>
public sealed record ClockMapRecord
{
    /// <summary>Given by the store; results name it.</summary>
    public long Id { get; init; }

    /// <summary>The campaign's id.</summary>
    public required string Campaign { get; init; }

    /// <summary>The run's id, where it was fitted for one run.</summary>
    public string? Run { get; init; }

    /// <summary>UTC of the lab host, ns since 1970.</summary>
    public long CreatedUtcNs { get; init; }

    /// <summary>The version of the code that fitted it.</summary>
    public string CodeVersion { get; init; } = "";

    /// <summary>JSON: the observations by id, or whatever else went in.</summary>
    public required string Inputs { get; init; }

    /// <summary>The map.</summary>
    public required ClockMap Map { get; init; }
}
