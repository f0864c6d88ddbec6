using System.Diagnostics;

using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Storage;
using MeterLab.Storage.Traces;

// Records a made-up 1 kHz trace into the store named by the first argument until it is killed. Sample n has code n. Prints the
// number and the stamp of the newest accepted sample, ten times a second.
var clock = new SystemHostClock();
using var store = Store.Open(args[0], new StoreOptions { Clock = clock, Program = "recorder of a test" });
await using var recorder = store.Traces.Record(campaign: null);
var input = recorder.Add(new TraceRecord
{
    MeterUri = "virtual://none",
    Description = new TraceDescription
    {
        Channel = new ChannelId("wall", "total"),
        Quantity = Quantity.ActivePower,
        Scale = new LinearScale(0.1),
        Response = new MeterResponse(0.001, 0.001, 0),
    },
});

var watch = Stopwatch.StartNew();
for (var code = 0L; ;)
{
    for (; code < watch.ElapsedMilliseconds; code++)
    {
        var now = clock.MonotonicNs;
        input.Accept(new RawSample(now - 1000, now, 0, code, SampleFlags.None));
        if (code % 100 == 0)
            Console.WriteLine($"{code} {now}");
    }

    if (recorder.Completion.IsCompleted)
        await recorder.Completion;
    await Task.Delay(1);
}
