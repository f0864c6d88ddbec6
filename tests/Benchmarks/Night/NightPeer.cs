using MeterLab.Storage;

namespace MeterLab.Benchmarks.Night;

/// <summary>The least that anybody has to do with a night's samples: unpack each chunk and sum trapezoids over each run.</summary>
internal static class NightPeer
{
    /// <summary>The energy of each run, J, with the true delay taken off.</summary>
    public static double[] Joules(Store store)
    {
        var joules = new double[NightShape.Runs];
        var trace = store.Traces.OfCampaign(NightStore.Campaign)[0].Id;
        var late = (long)(NightShape.DelaySeconds * 1e9) + NightShape.StepNs / 2;
        for (var run = 0; run < joules.Length; run++)
        {
            var start = NightShape.RunStartNs(run);
            var end = start + NightShape.RunNs;
            double sum = 0, previous = double.NaN;
            long before = 0;
            foreach (var chunk in store.Traces.Read(trace, start, end + 1_000_000_000))
            {
                foreach (ref readonly var sample in chunk.Samples.Span)
                {
                    var at = sample.AfterNs - late;
                    var watts = sample.Code * NightShape.ScaleWatts;
                    if (at >= start && at <= end && !double.IsNaN(previous))
                        sum += (at - before) * 1e-9 * (watts + previous) / 2;
                    (before, previous) = (at, watts);
                }
            }

            joules[run] = sum;
        }

        return joules;
    }
}
