using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MeterLab.Orchestrator.Targets;

/// <summary>What a target is, as far as it changes what it draws: a baseline holds only for the machine, kernel, settings and services it was taken with.</summary>
public sealed record TargetFingerprint
{
    private static readonly string Script = Encoding.UTF8.GetString(RunnerScripts.Fingerprint);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // They come and go with whoever looks: a login's own manager, and helpers that a question about the clock or the name wakes for half a minute.
    private static readonly string[] Passing =
        ["user@", "user-runtime-dir@", "session-", "systemd-timedated.", "systemd-hostnamed.", "systemd-localed.", "packagekit.", "fwupd."];

    /// <summary>The operating system: <c>Linux</c>.</summary>
    public required string System { get; init; }

    /// <summary>The kernel's release.</summary>
    public required string Kernel { get; init; }

    /// <summary>The architecture: <c>x86_64</c>.</summary>
    public required string Machine { get; init; }

    /// <summary>Its own name, hashed: a report may leave the lab.</summary>
    public required string HostHash { get; init; }

    /// <summary>The processor as the kernel names it; null where it does not.</summary>
    public string? Cpu { get; init; }

    /// <summary>Logical processors; null where not told.</summary>
    public int? LogicalCpus { get; init; }

    /// <summary>Memory, bytes; null where not told.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The frequency governor, or several where processors differ; null where there is none (a virtual machine).</summary>
    public string? Governor { get; init; }

    /// <summary>Whether turbo is switched off; null where not told.</summary>
    public bool? TurboOff { get; init; }

    /// <summary>The microcode's revision; null where not told.</summary>
    public string? Microcode { get; init; }

    /// <summary>The kernel's clock source; null where not told.</summary>
    public string? ClockSource { get; init; }

    /// <summary>The present boot; no part of <see cref="Hash"/>. Null where not told.</summary>
    public string? BootId { get; init; }

    /// <summary>The firmware's vendor, version and date; null where not told.</summary>
    public string? Firmware { get; init; }

    /// <summary>Simultaneous multithreading: on, off, notsupported …; null where not told.</summary>
    public string? Smt { get; init; }

    /// <summary>Limits of power as the kernel's interfaces name them, µW; null where there are none.</summary>
    public IReadOnlyList<string>? PowerLimits { get; init; }

    /// <summary>Graphics cards with their persistence mode and limit of power; null where nothing tells.</summary>
    public IReadOnlyList<string>? Gpus { get; init; }

    /// <summary>Modules of memory; null where nothing tells (often only root may ask).</summary>
    public IReadOnlyList<string>? Dimms { get; init; }

    /// <summary>PCI devices: slot, vendor and device; null where there is no such bus.</summary>
    public IReadOnlyList<string>? PciDevices { get; init; }

    /// <summary>USB devices: vendor, product and name; null where there is no such bus.</summary>
    public IReadOnlyList<string>? UsbDevices { get; init; }

    /// <summary>Running services without those that come and go by themselves; null where no systemd tells.</summary>
    public IReadOnlyList<string>? Services { get; init; }

    /// <summary>Everything of it that may change what the machine draws, by name.</summary>
    public IReadOnlyList<FingerprintPart> Parts =>
    [
        One("system", System), One("kernel", Kernel), One("architecture", Machine), One("machine's name (hashed)", HostHash), One("processor", Cpu),
        One("number of logical processors", LogicalCpus?.ToString(CultureInfo.InvariantCulture)),
        One("memory in bytes", MemoryBytes?.ToString(CultureInfo.InvariantCulture)), One("firmware", Firmware), One("microcode", Microcode),
        One("governor", Governor), One("SMT", Smt), One("turbo", TurboOff switch { true => "off", false => "on", null => null }),
        new("power limit", PowerLimits, true), new("graphics card", Gpus, true), new("memory module", Dimms, true),
        new("PCI device", PciDevices, true), new("USB device", UsbDevices, true), new("service", Services, true),
    ];

    /// <summary>A short text that changes whenever something changes that may change the idle power.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', Parts))))[..16];

    /// <summary>What a baseline depends on besides the machine itself, in one line.</summary>
    public string State => string.Join(", ",
    [
        $"governor {Governor ?? "unknown"}", $"SMT {Smt ?? "unknown"}", $"turbo {TurboOff switch { true => "off", false => "on", null => "unknown" }}",
        Gpus is { Count: > 0 } gpus ? $"graphics {string.Join("; ", gpus)}" : "no graphics settings told",
        Services is { } services ? $"{services.Count} services" : "services unknown",
    ]);

    /// <summary>Asks the target, in one command. Throws <see cref="TargetException"/>.</summary>
    public static async Task<TargetFingerprint> ReadAsync(ITarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var result = await target.RunAsync(["sh", "-c", Script], new CommandOptions(Deadline), cancellationToken).ConfigureAwait(false);
        try
        {
            return Parse(result.Output);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new TargetException(TargetFailure.Command, target.Name, $"the fingerprint makes no sense: {e.Message} {result.Error.Trim()}");
        }
    }

    internal static TargetFingerprint Parse(string text)
    {
        var values = text.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0], pair => pair[1].Trim());
        string? Known(string key) => values[key].FirstOrDefault() is { Length: > 0 } value ? value : null;
        string Needed(string key) => Known(key) ?? throw new FormatException($"'{key}' is missing.");
        IReadOnlyList<string>? List(params string[] keys) =>
            keys.SelectMany(key => values[key]).Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } list ? list : null;
        return new TargetFingerprint
        {
            System = Needed("system"),
            Kernel = Needed("kernel"),
            Machine = Needed("machine"),
            HostHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Needed("host"))))[..12],
            Cpu = Known("cpu"),
            LogicalCpus = Known("cpus") is { } cpus ? int.Parse(cpus, NumberStyles.None, CultureInfo.InvariantCulture) : null,
            MemoryBytes = Known("memory_kib") is { } kib ? 1024 * long.Parse(kib, NumberStyles.None, CultureInfo.InvariantCulture) : null,
            Governor = Known("governor"),
            TurboOff = (Known("turbo_off"), Known("boost")) switch { ("0", _) => false, ("1", _) => true, (_, "1") => false, (_, "0") => true, _ => null },
            Microcode = Known("microcode"),
            BootId = Known("boot_id"),
            ClockSource = Known("clocksource"),
            Firmware = Known("firmware"),
            Smt = Known("smt"),
            PowerLimits = List("power_limit"),
            Gpus = List("gpu"),
            // What the firmware tells names the parts; what the kernel tells is there for others than root.
            Dimms = List("dimm") ?? List("edac_dimm"),
            PciDevices = List("pci"),
            UsbDevices = List("usb"),
            Services = values.Contains("services") ? [.. values["service"].Where(Lasting).Order(StringComparer.Ordinal)] : null,
        };
    }

    private static bool Lasting(string service) => !Passing.Any(passing => service.StartsWith(passing, StringComparison.Ordinal));

    private static FingerprintPart One(string name, string? value) => new(name, value is null ? null : [value]);
}
