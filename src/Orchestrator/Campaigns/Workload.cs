using MeterLab.Estimators;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>A file that a workload needs.</summary>
/// <param name="LocalPath">Where it lies on the lab host, absolute.</param>
/// <param name="RemotePath">Where it goes, relative to the run's folder; never leads out of it.</param>
public sealed record UploadFile(string LocalPath, string RemotePath);

/// <summary>One parameter of a workload and the values that it takes.</summary>
public sealed record WorkloadParameter(string Name, IReadOnlyList<string> Values);

/// <summary>One thing to run, in all combinations of its parameters.</summary>
public sealed record Workload
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Program and arguments, with <c>{parameter}</c> to fill in; null for a script. No shell reads it.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>
    /// Text of a shell script, passed on as it is; null for a command. It finds the parameters as environment variables
    /// (<c>$model</c>), so that no value ever becomes shell text.
    /// </summary>
    public string? Script { get; init; }

    /// <summary>The parameters, in the order of the file.</summary>
    public IReadOnlyList<WorkloadParameter> Parameters { get; init; } = [];

    /// <summary>What static estimators count; null: the graphics cards where the target has one, the processor otherwise.</summary>
    public Device? Device { get; init; }

    /// <summary>Files that are put into the run's folder first.</summary>
    public IReadOnlyList<UploadFile> Uploads { get; init; } = [];

    /// <summary>The run is ended after this.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary><see cref="Device"/>, or what it is by default on a machine of this kind.</summary>
    public Device DeviceOn(Hardware hardware)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        return Device ?? (hardware.Gpus.Count > 0 ? Estimators.Device.Gpu : Estimators.Device.Cpu);
    }
}
