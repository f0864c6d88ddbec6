using System.Runtime.InteropServices;

using MeterLab.TestKit;

namespace MeterLab.Kernel.Tests;

/// <summary>The guest's only file system: busybox, the .NET runtime of this machine, the program as it was built, and the scenes.</summary>
internal static class GuestImage
{
    // What the runtime and its SSL need of this machine.
    private static readonly string[] Libraries =
        ["libgcc_s.so.1", "libpthread.so.0", "librt.so.1", "libdl.so.2", "libstdc++.so.6", "libm.so.6", "libc.so.6", "libssl.so.3", "libcrypto.so.3"];

    private static readonly string[] LibraryFolders = ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu"];

    /// <summary>Builds it in a folder; the path of the archive.</summary>
    public static async Task<string> BuildAsync(GuestKernel kernel, string folder)
    {
        var root = Path.Combine(folder, "root");
        foreach (var name in (string[])["bin", "dev", "proc", "sys", "tmp", "lib", "lib64", "modules", "app", "runtime"])
            Directory.CreateDirectory(Path.Combine(root, name));
        File.Copy("/usr/bin/busybox", Path.Combine(root, "bin", "busybox"));
        File.Copy("/lib64/ld-linux-x86-64.so.2", Path.Combine(root, "lib64", "ld-linux-x86-64.so.2"));
        foreach (var library in Libraries)
            File.Copy(LibraryFolders.Select(place => Path.Combine(place, library)).First(File.Exists), Path.Combine(root, "lib", library));
        CopyRuntime(Path.Combine(root, "runtime"));
        await kernel.InstallModulesAsync(Path.Combine(root, "modules"));
        Copy(RepositoryFiles.Path("artifacts", "bin", "MeterLab", "release"), Path.Combine(root, "app"));
        Copy(RepositoryFiles.Path("firmware-configs"), Path.Combine(root, "firmware-configs"));
        var guest = RepositoryFiles.Path("tests", "Kernel.Tests", "Guest");
        await Tool.RunAsync(TimeSpan.FromMinutes(1), "gcc", "-O2", "-Wall", "-Werror", "-static", "-o", Path.Combine(root, "bin", "modbus_slave"), Path.Combine(guest, "modbus_slave.c"));
        File.Copy(Path.Combine(guest, "init.sh"), Path.Combine(root, "init"));
        await Tool.RunAsync(TimeSpan.FromSeconds(10), "chmod", "755", Path.Combine(root, "init"));
        var archive = Path.Combine(folder, "initrd");
        // The names come from us alone; the folder is quoted.
        await Tool.RunAsync(TimeSpan.FromMinutes(2), "sh", "-c", "cd \"$0\" && find . | cpio -o -H newc --quiet >\"$1\"", root, archive);
        return archive;
    }

    private static void CopyRuntime(string target)
    {
        // …/shared/Microsoft.NETCore.App/10.0.x/
        var framework = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/'));
        var home = framework.Parent!.Parent!.Parent!.FullName;
        File.Copy(Path.Combine(home, "dotnet"), Path.Combine(target, "dotnet"));
        Copy(Path.Combine(home, "host"), Path.Combine(target, "host"));
        foreach (var name in (string[])["Microsoft.NETCore.App", "Microsoft.AspNetCore.App"])
            Copy(Path.Combine(home, "shared", name, framework.Name), Path.Combine(target, "shared", name, framework.Name));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            if (!file.EndsWith(".pdb", StringComparison.Ordinal))
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        // Native libraries of other systems.
        foreach (var folder in Directory.GetDirectories(from).Where(folder => Path.GetFileName(folder) != "runtimes" || File.Exists(Path.Combine(from, "meterlab.dll"))))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
