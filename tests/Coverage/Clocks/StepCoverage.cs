using MeterLab.Measurement.Clocks;

namespace MeterLab.Coverage.Clocks;

/// <summary>How well steps of a clock are found, over many drawn ones.</summary>
internal sealed record StepCoverage
{
    /// <summary>Share in which exactly one step was reported.</summary>
    public required double Found { get; init; }

    /// <summary>Share of those whose reported interval contains the step.</summary>
    public required double Contained { get; init; }

    /// <summary>Share of those whose interval is the two probes around the step and no wider.</summary>
    public required double Exact { get; init; }

    /// <summary>Share of those whose size error lies within the stated (k = 2), or 200 us.</summary>
    public required double Size { get; init; }

    /// <summary>Share whose last piece's offset error, at its reference, lies within the stated.</summary>
    public required double Offset { get; init; }

    /// <summary>Draws and fits; steps of either sign, sizes log-uniform between the two (s).</summary>
    public static StepCoverage Of(LinkScenario scenario, ProbeSchedule schedule, double least, double most, int cases, int seed)
    {
        var random = new Random(seed);
        int found = 0, contained = 0, exact = 0, size = 0, offset = 0;
        for (var i = 0; i < cases;)
        {
            var step = least * Math.Pow(most / least, random.NextDouble()) * (random.Next(2) * 2 - 1);
            var at = schedule.Seconds * random.NextDouble();
            var one = ClockCase.Draw(random, scenario, schedule, 1200 * (random.NextDouble() - 0.5), step, at);
            var moment = ClockCase.LineNs(at);
            if (moment <= one.Probes[0].AfterNs || moment >= one.Probes[^1].BeforeNs)
                continue;
            i++;
            var fit = ClockFit.Fit(one.Probes, ClockId.Target("simulated"));
            var map = fit.Segments[^1];
            var reference = Math.Clamp(map.ReferenceNs, map.ValidFromNs, map.ValidToNs);
            offset += Math.Abs(map.Map(new(map.From, reference)).Nanoseconds - one.RemoteAt(reference)) <= 2 * map.UncertaintyNsAt(new(map.From, reference)) ? 1 : 0;
            if (fit.Steps is not [var seen])
                continue;
            found++;
            contained += seen.FromNs <= moment && moment <= seen.ToNs ? 1 : 0;
            var (last, first) = (one.Probes.Last(p => p.BeforeNs <= moment), one.Probes.First(p => p.AfterNs >= moment));
            exact += seen.FromNs >= Math.Min(last.BeforeNs, first.BeforeNs) - 20_000_000 && seen.ToNs <= Math.Max(first.AfterNs, last.AfterNs) + 20_000_000 ? 1 : 0;
            size += Math.Abs(seen.SizeNs - step * 1e9) <= Math.Max(2 * seen.UncertaintyNs, 200_000) ? 1 : 0;
        }

        return new StepCoverage
        {
            Found = found / (double)cases,
            Contained = contained / (double)Math.Max(1, found),
            Exact = exact / (double)Math.Max(1, found),
            Size = size / (double)Math.Max(1, found),
            Offset = offset / (double)cases,
        };
    }
}
