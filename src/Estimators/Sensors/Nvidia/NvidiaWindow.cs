namespace MeterLab.Estimators.Sensors.Nvidia;

/// <summary>What <c>power.draw</c> of a card averages over, by its name: NVML's documentation, and arXiv 2312.02741 for A100 and H100.</summary>
internal static class NvidiaWindow
{
    private static readonly string[] SampledInPart = ["A100", "H100", "H200", "GH200", "A800", "H800"];
    private static readonly string[] Instantaneous =
        ["A30", "V100", "T4", "P100", "P40", "P4", "K80", "K40", "TITAN V", "TITAN X", "TITAN RTX", "Quadro", "RTX 20", "GTX", "Tesla"];

    /// <summary>A sentence for the finding; what is not known of a name is said to be so.</summary>
    public static string Of(string card)
    {
        if (Array.Exists(SampledInPart, name => card.Contains(name, StringComparison.OrdinalIgnoreCase)))
            return "sees 25 ms of every 100 ms: loads with a rhythm of their own may be counted too high or too low; repeat the work with random pauses";
        if (Array.Exists(Instantaneous, name => card.Contains(name, StringComparison.OrdinalIgnoreCase)))
            return "has power.draw as a momentary value (GA100 and before Ampere)";
        return "has power.draw as the mean of the last second (Ampere other than GA100, and later): it comes half a second late";
    }
}
