using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Tests.Polling;

/// <summary>What sampling costs the collector.</summary>
internal static class Allocations
{
    private const int Samples = 100;

    /// <summary>Bytes that a hundred samples of one trace allocate, the first one left out. For a source that does not wait.</summary>
    public static async Task<long> OfAsync(IPolledSource source, CancellationToken cancellationToken)
    {
        var samples = new RawSample[1];
        Assert.True(await source.SampleAsync(samples, cancellationToken));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Samples; i++)
            Assert.True(await source.SampleAsync(samples, cancellationToken));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
