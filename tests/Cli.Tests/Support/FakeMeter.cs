using MeterLab.Measurement;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;

namespace MeterLab.Cli.Tests.Support;

/// <summary>
/// Opens meters at <c>fake://HOST</c>: <c>bench</c> answers, <c>down</c> is not there, <c>sick</c> refuses, <c>broken</c> has a bug.
/// </summary>
internal sealed class FakeOpener : IMeterOpener
{
    public static MeterFacts Facts { get; } = new()
    {
        Model = "fake-1",
        Vendor = "Fake",
        Transports = ["fake"],
        Quantities = [Quantity.ActivePower, Quantity.Voltage],
        Accuracy = new Dictionary<Quantity, AccuracyLimit> { [Quantity.ActivePower] = new() { ReadingPercent = 0.5, Absolute = 0.1 } },
        Resolution = new Dictionary<Quantity, double> { [Quantity.ActivePower] = 0.1 },
        Response = new MeterResponse(0.01, 0.01, 0),
        FactsMark = 1,
        Source = "made up",
    };

    public IReadOnlyList<string> Schemes => ["fake"];

    public IReadOnlyList<MeterFacts> Models(MeterEnvironment environment) => [Facts];

    public Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken) => uri.Host switch
    {
        "bench" => Task.FromResult<IMeter>(new FakeMeter(uri, name, environment)),
        "down" => throw new LinkException(LinkFailure.Unreachable, $"{uri}: connection refused\nis the meter on?\nline three\nline four"),
        "sick" => throw new MeterException(MeterFailure.WrongDevice, $"{uri}: not a fake-1"),
        "broken" => throw new InvalidOperationException("a bug\nwith a second line"),
        _ => throw uri.Error("no such host"),
    };
}

internal sealed class FakeMeter(MeterUri uri, string name, MeterEnvironment environment) : IMeter
{
    public const double Watts = 123.4;

    public MeterUri Uri => uri;

    public MeterFacts Facts => FakeOpener.Facts;

    public IReadOnlyList<TraceDescription> Traces { get; } =
    [
        Trace(name, "l1"), Trace(name, "total"),
    ];

    public AcquisitionStatistics Statistics { get; } = new();

    public Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new MeterIdentity("Fake", "fake-1", "S\u001b[31m-7"));

    public Task<IReadOnlyList<MeterReading>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<MeterReading>>(
    [
        new MeterReading("total", Quantity.ActivePower, Watts, Facts.Accuracy[Quantity.ActivePower], SampleFlags.None),
        new MeterReading("total", Quantity.Voltage, double.NaN, null, SampleFlags.NotAvailable | SampleFlags.Retried),
    ]);

    public async Task AcquireAsync(AcquisitionRequest request, ISampleSink sink, CancellationToken cancellationToken)
    {
        var code = 1000;
        while (!cancellationToken.IsCancellationRequested)
        {
            var now = environment.Clock.MonotonicNs;
            sink.Accept(0, new RawSample(now, now, 0, ++code, SampleFlags.None));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static TraceDescription Trace(string meter, string channel) => new()
    {
        Channel = new ChannelId(meter, channel),
        Quantity = Quantity.ActivePower,
        Scale = new LinearScale(0.1),
        Response = FakeOpener.Facts.Response,
    };
}
