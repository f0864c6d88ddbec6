using MeterLab.TestKit;

namespace MeterLab.Kernel.Tests;

/// <summary>
/// A Debian kernel of this machine, and modules for it: its own, drivers of its own source that Debian does not build, and ours. What was
/// built is kept in <c>artifacts/kernel</c> until the kernel or a source changes.
/// </summary>
internal sealed class GuestKernel
{
    private static readonly string[] Ours = ["rig_i2c", "rig_ina228"];
    private static readonly string[] OfItsSource = ["ina2xx", "ina238"];
    private static readonly string[] OfDebian = ["i2c-dev", "dummy_hcd", "g_serial", "cdc-acm", "ina2xx-adc"];

    // The scenes load these when they need them: the gadget is plugged in, and two drivers would want the same chips.
    private static readonly string[] OfTheScenes = ["g_serial", "ina2xx-adc"];
    private static readonly (string Path, string Package)[] Needed =
    [
        ("/usr/bin/qemu-system-x86_64", "qemu-system-x86"), ("/usr/bin/busybox", "busybox-static"), ("/usr/bin/cpio", "cpio"), ("/usr/bin/gcc", "gcc"),
        ("/usr/sbin/modprobe", "kmod"), ("/usr/bin/make", "make"), ("/usr/bin/xz", "xz-utils"),
    ];

    private readonly string _version;
    private readonly string _headers;
    private readonly string _source;
    private readonly string _cache;

    private GuestKernel(string version, string headers, string source)
    {
        (_version, _headers, _source) = (version, headers, source);
        _cache = RepositoryFiles.Path("artifacts", "kernel", version);
    }

    /// <summary>The kernel's image.</summary>
    public string Image => $"/boot/vmlinuz-{_version}";

    /// <summary>The newest kernel that has headers and a source here; null with what is missing.</summary>
    public static GuestKernel? Find(out string missing)
    {
        missing = string.Join(", ", Needed.Where(need => !File.Exists(need.Path)).Select(need => need.Package));
        if (missing.Length > 0)
        {
            missing = $"not installed: {missing} (Debian packages)";
            return null;
        }

        var images = Directory.Exists("/boot") ? Directory.GetFiles("/boot", "vmlinuz-*-amd64").Order(StringComparer.Ordinal).Reverse() : [];
        foreach (var version in images.Select(image => Path.GetFileName(image)["vmlinuz-".Length..]))
        {
            var headers = $"/usr/src/linux-headers-{version}";
            var source = $"/usr/src/linux-source-{string.Join('.', version.Split('.').Take(2))}.tar.xz";
            if (Directory.Exists(headers) && Directory.Exists($"/lib/modules/{version}") && File.Exists(source))
                return new GuestKernel(version, headers, source);
        }

        missing = "not installed: a kernel with its headers and source (Debian packages linux-image-amd64, linux-headers-amd64, linux-source)";
        return null;
    }

    /// <summary>Builds what is missing, and copies the modules and the order to load them in into a folder.</summary>
    public async Task InstallModulesAsync(string folder)
    {
        await BuildAsync();
        var order = new List<string>();
        foreach (var name in OfDebian)
        {
            foreach (var line in (await Tool.RunAsync(TimeSpan.FromSeconds(30), "/usr/sbin/modprobe", "-S", _version, "--show-depends", name)).Split('\n'))
            {
                // insmod /lib/modules/…/i2c-dev.ko
                var path = line.Split(' ').ElementAtOrDefault(1);
                if (line.StartsWith("insmod ", StringComparison.Ordinal) && path is not null)
                    Add(path);
            }
        }

        // The gadget's functions, which it asks for by name.
        foreach (var path in Directory.GetFiles($"/lib/modules/{_version}/kernel/drivers/usb/gadget/function").Where(IsSerialFunction).OrderByDescending(path => path.EndsWith("u_serial.ko", StringComparison.Ordinal)))
            Add(path);
        foreach (var name in (string[])[.. Ours, .. OfItsSource])
            Add(Path.Combine(_cache, name + ".ko"));
        order.RemoveAll(OfTheScenes.Contains);
        await File.WriteAllTextAsync(Path.Combine(folder, "order"), string.Join('\n', order) + "\n");

        void Add(string path)
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (order.Contains(name))
                return;
            File.Copy(path, Path.Combine(folder, name + ".ko"), overwrite: true);
            order.Add(name);
        }
    }

    private static bool IsSerialFunction(string path) => Path.GetFileName(path) is "u_serial.ko" or "usb_f_acm.ko" or "usb_f_serial.ko" or "usb_f_obex.ko";

    private async Task BuildAsync()
    {
        var sources = Ours.Select(name => RepositoryFiles.Path("tests", "Kernel.Tests", "Guest", name + ".c")).ToArray();
        var newest = sources.Append(_source).Max(File.GetLastWriteTimeUtc);
        if (((string[])[.. Ours, .. OfItsSource]).All(name => File.Exists(Path.Combine(_cache, name + ".ko")) && File.GetLastWriteTimeUtc(Path.Combine(_cache, name + ".ko")) > newest))
            return;
        Directory.CreateDirectory(_cache);
        var root = Path.GetFileName(_source).Replace(".tar.xz", "", StringComparison.Ordinal);
        if (!OfItsSource.All(name => File.Exists(Path.Combine(_cache, name + ".c"))))
        {
            string[] wanted = [.. OfItsSource.Select(name => $"{root}/drivers/hwmon/{name}.c")];
            await Tool.RunAsync(TimeSpan.FromMinutes(4), "tar", ["-xJf", _source, "-C", _cache, "--strip-components=3", .. wanted]);
        }

        foreach (var source in sources)
            File.Copy(source, Path.Combine(_cache, Path.GetFileName(source)), overwrite: true);
        await File.WriteAllTextAsync(Path.Combine(_cache, "Kbuild"), $"obj-m := {string.Join(' ', Ours.Concat(OfItsSource).Select(name => name + ".o"))}\n");
        await Tool.RunAsync(TimeSpan.FromMinutes(3), "make", "-s", "-C", _headers, $"M={_cache}", "modules");
    }
}
