using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Samples;

namespace MeterLab.Storage.Traces;

/// <summary>One recorded quantity of one channel; its samples lie in chunks.</summary>
public sealed record TraceRecord
{
    /// <summary>Given by the store.</summary>
    public long Id { get; init; }

    /// <summary>The campaign's id; null where it was recorded outside one.</summary>
    public string? Campaign { get; init; }

    /// <summary>The run's id, where the trace belongs to one run alone; a campaign's traces usually span its runs.</summary>
    public string? Run { get; init; }

    /// <summary>The writing process.</summary>
    public long Session { get; init; }

    /// <summary>The boot of the lab host in which it was recorded: two traces compare on the lab's line only within one.</summary>
    public string Boot { get; init; } = "";

    /// <summary>What turns its codes into values.</summary>
    public required TraceDescription Description { get; init; }

    /// <summary>The clock of the samples' before and after stamps.</summary>
    public ClockId Clock { get; init; } = ClockId.HostMonotonic;

    /// <summary>The meter's address in printable form, secrets as ***.</summary>
    public required string MeterUri { get; init; }

    /// <summary>Of the profile file that the driver read; null for a chip in code.</summary>
    public string? ProfileSha256 { get; init; }
}
