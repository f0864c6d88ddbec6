using System.Reflection;

using MeterLab.Measurement.Clocks;

namespace MeterLab.Storage;

/// <summary>What a store needs from the world; made once where the program is composed.</summary>
public sealed record StoreOptions
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Stamps rows.</summary>
    public required IHostClock Clock { get; init; }

    /// <summary>Wakes the recorder.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What the process is, for the person who finds the store locked: <c>meterlab demo</c>.</summary>
    public string Program { get; init; } = "meterlab";

    /// <summary>The version of the code that writes.</summary>
    public string Version { get; init; } =
        typeof(StoreOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The lab host's current boot: the lab's line (host:monotonic) starts anew with each.</summary>
    public string Boot { get; init; } = File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "unknown";
}
