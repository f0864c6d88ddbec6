using System.Globalization;

using MeterLab.Measurement.Calibration;

namespace MeterLab.Coverage.Calibration;

/// <summary>How often the intervals of gain and unseen power contain the truth, and how wide they are for it.</summary>
internal static class CalibrationTable
{
    // What the intervals are held to: at least so often, and neither much too wide nor too narrow.
    private const double LeastCoverage = 0.93;
    private const double LeastRatio = 0.67;
    private const double MostRatio = 1.05;

    /// <summary>One kind judged over many machines.</summary>
    public static CalibrationCell Judge(Scenario kind, int machines, int seed)
    {
        var (gain, unseen) = (new List<double>(), new List<double>());
        var undetermined = 0;
        for (var i = 0; i < machines; i++)
        {
            var machine = SimulatedMachine.Draw(kind, new Random(unchecked(seed * 1_000_003 + i)));
            if (CalibrationFit.TryFit(machine.Runs, new CalibrationOptions { MeterGainRelative = machine.MeterGainRelative }) is not { } fit)
            {
                undetermined++;
                continue;
            }

            gain.Add(Math.Abs(fit.Law.Gain - machine.Gain) / fit.Law.Uncertainty(0));
            unseen.Add(Math.Abs(fit.Law.UnseenW - machine.UnseenW) / fit.Law.Uncertainty(1));
        }

        return new CalibrationCell(kind.Name, machines, undetermined, Interval.Of(gain), Interval.Of(unseen));
    }

    /// <summary>Whether an interval is what it should be.</summary>
    public static bool Holds(Interval interval) =>
        interval.Coverage >= LeastCoverage && interval.Ratio95 is >= LeastRatio and <= MostRatio;

    /// <summary>Prints the table; 1 where a cell does not hold.</summary>
    public static int Print()
    {
        const int Machines = 2000;
        Console.WriteLine("| machines of this kind | n | not determined | gain: coverage | gain: 95th percentile of error / U | unseen power: coverage | unseen power: 95th percentile | holds |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var all = true;
        foreach (var (kind, i) in Scenario.All.Select((kind, i) => (kind, i)))
        {
            var cell = Judge(kind, Machines, i + 1);
            var holds = Holds(cell.Gain) && Holds(cell.Unseen) && cell.Undetermined == 0;
            all &= holds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {cell.Name} | {cell.Machines} | {cell.Undetermined} | {cell.Gain.Coverage:0.0 %} | {cell.Gain.Ratio95:0.00} | {cell.Unseen.Coverage:0.0 %} | {cell.Unseen.Ratio95:0.00} | {(holds ? "yes" : "NO")} |"));
        }

        return all ? 0 : 1;
    }
}
