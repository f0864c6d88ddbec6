using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MeterLab.Orchestrator.Targets;

/// <summary>What a target is, as far as it changes what it draws: a baseline holds only for the machine, kernel and settings it was taken with.</summary>
public sealed record TargetFingerprint
{
    private const string Script = """
        first() { for f in "$@"; do [ -r "$f" ] && { head -n 1 "$f"; return; }; done; }
        field() { sed -n "s/^$1[[:space:]]*:[[:space:]]*//p" "$2" 2>/dev/null | head -n 1; }
        echo "system=$(uname -s)"
        echo "kernel=$(uname -r)"
        echo "machine=$(uname -m)"
        echo "host=$(uname -n)"
        echo "cpu=$(field 'model name' /proc/cpuinfo)"
        echo "cpus=$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null)"
        echo "memory_kib=$(field MemTotal /proc/meminfo | tr -cd 0-9)"
        echo "governor=$(first /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor)"
        echo "turbo_off=$(first /sys/devices/system/cpu/intel_pstate/no_turbo)"
        echo "microcode=$(field microcode /proc/cpuinfo)"
        echo "boot_id=$(first /proc/sys/kernel/random/boot_id)"
        echo "clocksource=$(first /sys/devices/system/clocksource/clocksource0/current_clocksource)"
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

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

    /// <summary>The frequency governor of the first processor; null where there is none (a virtual machine).</summary>
    public string? Governor { get; init; }

    /// <summary>Whether turbo is switched off; null where not told.</summary>
    public bool? TurboOff { get; init; }

    /// <summary>The microcode's revision; null where not told.</summary>
    public string? Microcode { get; init; }

    /// <summary>The kernel's clock source; null where not told.</summary>
    public string? ClockSource { get; init; }

    /// <summary>The present boot; no part of <see cref="Hash"/>. Null where not told.</summary>
    public string? BootId { get; init; }

    /// <summary>A short text that changes whenever something changes that may change the idle power.</summary>
    public string Hash
    {
        get
        {
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{System}|{Kernel}|{Machine}|{HostHash}|{Cpu}|{LogicalCpus}|{MemoryBytes}|{Governor}|{TurboOff}|{Microcode}");
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
        }
    }

    /// <summary>Asks the target, in one command. Throws <see cref="TargetException"/>.</summary>
    public static async Task<TargetFingerprint> ReadAsync(ITarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var result = await target.RunAsync(["sh", "-c", Script], new CommandOptions(Deadline), cancellationToken).ConfigureAwait(false);
        try
        {
            return Parse(result.Output);
        }
        catch (Exception e) when (e is FormatException or KeyNotFoundException)
        {
            throw new TargetException(TargetFailure.Command, target.Name, $"the fingerprint makes no sense: {e.Message} {result.Error.Trim()}");
        }
    }

    internal static TargetFingerprint Parse(string text)
    {
        var values = text.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.First()[1].Trim());
        return new TargetFingerprint
        {
            System = values["system"],
            Kernel = values["kernel"],
            Machine = values["machine"],
            HostHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(values["host"])))[..12],
            Cpu = Known(values["cpu"]),
            LogicalCpus = Known(values["cpus"]) is { } cpus ? int.Parse(cpus, NumberStyles.None, CultureInfo.InvariantCulture) : null,
            MemoryBytes = Known(values["memory_kib"]) is { } kib ? 1024 * long.Parse(kib, NumberStyles.None, CultureInfo.InvariantCulture) : null,
            Governor = Known(values["governor"]),
            TurboOff = values["turbo_off"] switch { "0" => false, "1" => true, _ => null },
            Microcode = Known(values["microcode"]),
            BootId = Known(values["boot_id"]),
            ClockSource = Known(values["clocksource"]),
        };
    }

    private static string? Known(string text) => text.Length == 0 ? null : text;
}
