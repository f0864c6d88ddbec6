namespace MeterLab.VirtualRig.World;

/// <summary>
/// The part of <c>/sys</c> that the virtual machine has of its own, below its home: governor, SMT, firmware. Files like the kernel's; whoever
/// writes another governor there has changed the machine.
/// </summary>
internal static class VirtualSystem
{
    /// <summary>Names the folder that stands before <c>/sys</c> where a machine describes itself.</summary>
    public const string RootVariable = "METERLAB_SYSROOT";

    /// <summary>Makes the files.</summary>
    public static void Make(string home, WorldParameters machine)
    {
        for (var cpu = 0; cpu < machine.LogicalProcessors; cpu++)
            Write(home, $"devices/system/cpu/cpu{cpu}/cpufreq/scaling_governor", "performance");
        Write(home, "devices/system/cpu/smt/control", "off");
        Write(home, "devices/system/cpu/cpufreq/boost", "1");
        Write(home, "class/dmi/id/bios_vendor", "Virtual");
        Write(home, "class/dmi/id/bios_version", "1.0");
        Write(home, "class/dmi/id/bios_date", "01/01/2026");
    }

    private static void Write(string home, string path, string content)
    {
        var file = Path.Combine(home, "sys", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content + "\n");
    }
}
