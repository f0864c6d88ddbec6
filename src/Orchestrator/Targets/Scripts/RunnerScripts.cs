namespace MeterLab.Orchestrator.Targets;

/// <summary>The shell scripts that MeterLab brings to a target.</summary>
internal static class RunnerScripts
{
    /// <summary>Supervises one program (runner.sh).</summary>
    public static byte[] Runner { get; } = Load("runner.sh");

    /// <summary>Reads a sensor of the target beside a workload (sampler.sh).</summary>
    public static byte[] Sampler { get; } = Load("sampler.sh");

    /// <summary>Plays a binary load on all processors (loadpattern.sh).</summary>
    public static byte[] LoadPattern { get; } = Load("loadpattern.sh");

    /// <summary>Tells what the machine is (fingerprint.sh).</summary>
    public static byte[] Fingerprint { get; } = Load("fingerprint.sh");

    private static byte[] Load(string name)
    {
        using var stream = typeof(RunnerScripts).Assembly.GetManifestResourceStream($"MeterLab.Orchestrator.Targets.Scripts.{name}")
            ?? throw new InvalidOperationException($"the script {name} is not in the assembly");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
