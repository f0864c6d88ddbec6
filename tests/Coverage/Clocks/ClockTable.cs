using System.Globalization;

namespace MeterLab.Coverage.Clocks;

/// <summary>The table of <c>docs/clocks.md</c>: what the fit of a target's clock states, judged link by link and schedule by schedule.</summary>
internal static class ClockTable
{
    /// <summary>How a clock is probed by <c>meterlab clock</c> for 1, 3 and 10 s, and by a campaign around a short and a long run.</summary>
    public static IReadOnlyList<ProbeSchedule> Schedules { get; } =
    [
        new("clock, 1 s", 1, 1 / 12.0, 8), new("clock, 3 s", 3, 0.25, 8), new("clock, 10 s", 10, 0.5, 8),
        new("campaign, 20 s", 20, 3, 4), new("campaign, 300 s", 300, 3, 4),
    ];

    /// <summary>Prints it.</summary>
    public static int Print()
    {
        Console.WriteLine("| link | probing | offset | anywhere | rate | U offset | error | U rate | error | split |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var scenario in LinkScenario.All)
        {
            foreach (var schedule in Schedules)
            {
                var row = ClockCoverage.Of(scenario, schedule, 1000, 1);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {scenario.Name} | {schedule.Name} | {row.Offset:P1} | {row.Anywhere:P1} | {row.Rate:P1} | {row.OffsetU * 1e6:G3} us | {row.OffsetError * 1e6:G3} us | {row.RateU:G3} ppm | {row.RateError:G3} ppm | {row.Split:P1} |"));
            }
        }

        return PrintSteps();
    }

    private static int PrintSteps()
    {
        Console.WriteLine();
        Console.WriteLine("| link | probing | step | found once | interval contains it | no wider than two probes | size | offset after |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var scenario in LinkScenario.All.Where(s => s.Name is "quiet" or "answers delayed 0-20 ms" or "congested both ways"))
        {
            foreach (var schedule in Schedules)
            {
                foreach (var (least, most) in ((double, double)[])[(2e-3, 2e-2), (2e-2, 0.5), (0.5, 3600)])
                {
                    var row = StepCoverage.Of(scenario, schedule, least, most, 300, 1);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"| {scenario.Name} | {schedule.Name} | {least:G3}..{most:G4} s | {row.Found:P1} | {row.Contained:P1} | {row.Exact:P1} | {row.Size:P1} | {row.Offset:P1} |"));
                }
            }
        }

        return PrintDevices();
    }

    private static int PrintDevices()
    {
        Console.WriteLine();
        Console.WriteLine("| meter's transport | trace | inside | median U |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var transport in DeviceClockCase.Transports)
        {
            foreach (var (seconds, reset) in ((double, bool)[])[(1, false), (5, false), (60, false), (60, true)])
            {
                var random = new Random(1);
                var rows = Enumerable.Range(0, 100).Select(_ => DeviceClockCase.Draw(random, transport, seconds, reset)).ToList();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {transport} | {seconds:G3} s{(reset ? ", one reset" : "")} | {rows.Average(r => r.Inside):P1} | {rows.Select(r => r.StatedNs).Order().ElementAt(50) * 1e-3:G3} us |"));
            }
        }

        return 0;
    }
}
