using MeterLab.Configuration;
using MeterLab.Estimators.Carbontracker;
using MeterLab.Estimators.CodeCarbon;
using MeterLab.Estimators.CpuLoad;
using MeterLab.Estimators.Custom;
using MeterLab.Estimators.Eco2Ai;
using MeterLab.Estimators.EnergiBridge;
using MeterLab.Estimators.ExperimentImpactTracker;
using MeterLab.Estimators.GreenAlgorithms;
using MeterLab.Estimators.Jouleit;
using MeterLab.Estimators.Kepler;
using MeterLab.Estimators.MlCo2Impact;
using MeterLab.Estimators.Perun;
using MeterLab.Estimators.PowerJoular;
using MeterLab.Estimators.PyJoules;
using MeterLab.Estimators.Scaphandre;
using MeterLab.Estimators.Sensors.Amd;
using MeterLab.Estimators.Sensors.Battery;
using MeterLab.Estimators.Sensors.Bmc;
using MeterLab.Estimators.Sensors.Nvidia;
using MeterLab.Estimators.Sensors.Rapl;
using MeterLab.Estimators.Zeus;
using MeterLab.Measurement;

namespace MeterLab.Estimators;

/// <summary>All estimators that MeterLab knows. A new one is a folder and a line here.</summary>
public static class EstimatorCatalog
{
    /// <summary>All of them, in the order in which lists show them.</summary>
    public static IReadOnlyList<IEstimator> All { get; } =
        [
            new CodeCarbonEstimator(), new CarbontrackerEstimator(), new MlCo2ImpactEstimator(), new GreenAlgorithmsEstimator(),
            CpuLoadEstimator.Constant, CpuLoadEstimator.Linear, CpuLoadEstimator.CodeCarbonCurve,
            new Eco2AiEstimator(), new ExperimentImpactTrackerEstimator(), new ZeusEstimator(), new PerunEstimator(), new ScaphandreEstimator(),
            new KeplerEstimator(), new EnergiBridgeEstimator(), new PowerJoularEstimator(), new PyJoulesEstimator(), new JouleitEstimator(),
            RaplEstimator.PackageAndMemory, RaplEstimator.Platform, new NvidiaSmiEstimator(), new AmdGpuEstimator(), new IpmiDcmiEstimator(), new RedfishEstimator(), new BatteryEstimator(),
        ];

    /// <summary>The names, in the same order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(estimator => estimator.Facts.Name)];

    /// <summary>The estimator of that name, or null.</summary>
    public static IEstimator? TryFind(string name) => All.FirstOrDefault(estimator => estimator.Facts.Name == name);

    /// <summary>The estimator of that name, or that the file of that path describes; throws <see cref="ConfigurationException"/> with the nearest known name where there is none.</summary>
    public static IEstimator Find(string name) =>
        CustomEstimator.IsFile(name) ? CustomEstimator.Load(name) : TryFind(name) ?? throw new ConfigurationException($"there is no estimator '{name}'; {Nearest.Suggest(name, [.. Names])}");
}
