using MeterLab.Configuration;
using MeterLab.Estimators;
using MeterLab.Estimators.Custom;

namespace MeterLab.Orchestrator.Rigs;

/// <summary>Estimators as rig and campaign files name them: a name, or the path of a file beside the one that is read.</summary>
internal static class EstimatorReference
{
    /// <summary>The name, or the absolute path, of what a word at a place means. Throws where there is no such estimator.</summary>
    public static string Read(ConfigNode node, string word)
    {
        if (CustomEstimator.IsFile(word))
            return FilePaths.Beside(node.File, word);
        return EstimatorCatalog.TryFind(word) is not null
            ? word
            : throw node.Error($"there is no estimator '{word}'; {Nearest.Suggest(word, [.. EstimatorCatalog.Names])}; ./FILE.yaml names a file that describes one");
    }
}
