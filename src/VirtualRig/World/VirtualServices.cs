using System.Text.RegularExpressions;

namespace MeterLab.VirtualRig.World;

/// <summary>
/// The virtual machine's services. On the machine they are what its own <c>systemctl</c> (list-units, start, stop) says; in the world they
/// are watts. Both meet in a folder: a service runs as long as its file is there, whoever made it.
/// </summary>
public sealed partial class VirtualServices
{
    private const int TicksBetweenLooks = 5;

    // A stand-in for the real tool: as much of it as a lab asks.
    private const string Tool = """
        #!/bin/sh
        running=$(dirname "$0")/../services/running known=$(dirname "$0")/../services/known
        verb=$1 unit=
        [ $# -gt 0 ] && shift
        for word in "$@"; do case $word in -*) ;; *) unit=$word ;; esac; done
        case $verb in
        list-units)
          for file in "$running"/*.service; do
            [ -e "$file" ] && printf '%s loaded active running\n' "${file##*/}"
          done
          exit 0 ;;
        esac
        case $unit in *.service) ;; *) unit=$unit.service ;; esac
        case $unit in */* | .*) echo "Invalid unit name $unit." >&2; exit 1 ;; esac
        [ -e "$known/$unit" ] || { echo "Unit $unit not found." >&2; exit 5; }
        case $verb in
        start) : >"$running/$unit" ;;
        stop) rm -f "$running/$unit" ;;
        is-active) if [ -e "$running/$unit" ]; then echo active; else echo inactive; exit 3; fi ;;
        *) echo "Unknown command verb $verb." >&2; exit 1 ;;
        esac
        """;

    private readonly IReadOnlyList<VirtualService> _known;
    private readonly string _running;
    private int _ticks;
    private double _watts;

    internal VirtualServices(string home, IReadOnlyList<VirtualService> known)
    {
        _known = known;
        var folder = Directory.CreateDirectory(Path.Combine(home, "services")).FullName;
        _running = Directory.CreateDirectory(Path.Combine(folder, "running")).FullName;
        var all = Directory.CreateDirectory(Path.Combine(folder, "known")).FullName;
        foreach (var service in known)
        {
            if (!UnitName().IsMatch(service.Name))
                throw new ArgumentException($"'{service.Name}' is no name of a service; backup.service is one", nameof(known));
            File.WriteAllText(Path.Combine(all, service.Name), "");
            if (service.Running)
                Start(service.Name);
        }

        Tools = Directory.CreateDirectory(Path.Combine(home, "bin")).FullName;
        var tool = Path.Combine(Tools, "systemctl");
        File.WriteAllText(tool, Tool + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Look();
    }

    /// <summary>Those that run now.</summary>
    public IReadOnlyList<string> Running => [.. _known.Select(service => service.Name).Where(name => File.Exists(Path.Combine(_running, name)))];

    /// <summary>The folder of the machine's own tools; stands first in its PATH.</summary>
    internal string Tools { get; }

    /// <summary>Starts one. Throws <see cref="ArgumentException"/> for a service that the machine does not know.</summary>
    public void Start(string name) => File.WriteAllText(PathOf(name), "");

    /// <summary>Stops one; one that does not run stays as it is.</summary>
    public void Stop(string name) => File.Delete(PathOf(name));

    /// <summary>What the running ones draw together, W. Asked once a tick; looked up anew every few ticks.</summary>
    internal double Watts()
    {
        if (++_ticks % TicksBetweenLooks == 0)
            Look();
        return _watts;
    }

    private void Look() => _watts = _known.Where(service => File.Exists(Path.Combine(_running, service.Name))).Sum(service => service.Watts);

    private string PathOf(string name) => _known.Any(service => service.Name == name)
        ? Path.Combine(_running, name)
        : throw new ArgumentException($"the virtual machine knows no service '{name}'; it knows {string.Join(", ", _known.Select(service => service.Name))}", nameof(name));

    [GeneratedRegex(@"^[a-z0-9][a-z0-9@_-]*\.service$")]
    private static partial Regex UnitName();
}
