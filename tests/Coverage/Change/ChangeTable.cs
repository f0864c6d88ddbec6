using System.Globalization;

using MeterLab.Measurement.Statistics;

namespace MeterLab.Coverage.Change;

/// <summary>How often the change test cries wolf, and how often it finds a change.</summary>
internal static class ChangeTable
{
    private const double Rate = 0.01;

    // 1 % is judged on 20,000 machines: between 0.7 and 1.3 % is four standard deviations.
    private static readonly (double Least, double Most) AsSaid = (0.007, 0.013), NoMore = (0, 0.013), Found = (0.95, 1);

    private static readonly ChangeCase[] Cases =
    [
        new("pair alone, nothing but the measurement varies", 1, 1, 0, 0, 20_000, AsSaid, NoMore),
        new("pair alone, 2 W of 60 W, nothing else varies", 1, 1, 0, 2, 200, Found, null),
        new("pair alone, 0.5 W from night to night", 1, 1, 0.5, 0, 20_000, null, AsSaid),
        new("pair alone, 2 W of 60 W, 0.5 W from night to night", 1, 1, 0.5, 2, 2_000, null, null),
        new("two before, nothing but the measurement varies", 2, 1, 0, 0, 20_000, AsSaid, NoMore),
        new("two before, 2 W of 60 W, nothing else varies", 2, 1, 0, 2, 200, Found, null),
        new("two before, 0.5 W from night to night", 2, 1, 0.5, 0, 20_000, null, NoMore),
        new("false alarms, 0.5 W from night to night", 3, 1, 0.5, 0, 20_000, NoMore, NoMore),
        new("false alarms, 0.5 W from night to night", 5, 1, 0.5, 0, 20_000, NoMore, NoMore),
        new("false alarms, 0.5 W from night to night", 10, 1, 0.5, 0, 20_000, AsSaid, AsSaid),
        new("false alarms, 0.5 W from night to night", 30, 1, 0.5, 0, 20_000, AsSaid, AsSaid),
        new("false alarms, nights alike", 5, 1, 0, 0, 20_000, NoMore, NoMore),
        new("false alarms, scatter drawn (half below 0.5 W)", 3, 1, ChangeCase.Drawn, 0, 20_000, AsSaid, AsSaid),
        new("false alarms, scatter drawn (half below 0.5 W)", 5, 1, ChangeCase.Drawn, 0, 20_000, AsSaid, AsSaid),
        new("false alarms, scatter drawn (half below 0.5 W)", 10, 1, ChangeCase.Drawn, 0, 20_000, AsSaid, AsSaid),
        new("false alarms, 1 W from night to night", 1, 1, 1, 0, 20_000, null, null),
        new("false alarms, 1 W from night to night", 3, 1, 1, 0, 20_000, (0, 0.03), null),
        new("false alarms, 5 W from night to night", 3, 1, 5, 0, 20_000, (0, 0.05), null),
        new("false alarms, 5 W from night to night", 5, 1, 5, 0, 20_000, (0, 0.03), null),
        new("false alarms, 5 W from night to night", 10, 1, 5, 0, 20_000, (0, 0.02), null),
        new("2 W of 60 W, nights alike", 3, 1, 0, 2, 2_000, Found, Found),
        new("2 W of 60 W, nights alike", 4, 1, 0, 2, 200, Found, Found),
        new("2 W of 60 W, nights alike", 5, 1, 0, 2, 200, Found, Found),
        new("2 W of 60 W, 0.5 W from night to night", 3, 1, 0.5, 2, 2_000, null, null),
        new("2 W of 60 W, 0.5 W from night to night", 30, 1, 0.5, 2, 2_000, null, null),
        new("2 W of 60 W, 0.5 W from night to night", 20, 2, 0.5, 2, 200, Found, Found),
        new("2 W of 60 W, 0.5 W from night to night", 10, 3, 0.5, 2, 200, Found, Found),
    ];

    /// <summary>Prints the table; 1 where a line does not hold.</summary>
    public static int Print()
    {
        Console.WriteLine("| case (60 s at 1 Hz, 1 W of noise; 1 % false alarms wanted) | earlier nights | nights since | n | called | beyond the nights | holds |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var all = true;
        foreach (var (one, i) in Cases.Select((one, i) => (one, i)))
        {
            var share = Share(one, i + 1);
            var holds = one.Holds(share);
            all &= holds ?? true;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {one.Name} | {one.Earlier} | {one.Since} | {one.Repetitions} | {share.Called:0.0 %} | {share.Beyond:0.0 %} | {holds switch { null => "not wanted", true => "yes", false => "NO" }} |"));
        }

        var (nights, found) = (Cusum(0), Cusum(1));
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"CUSUM, 0.5 W from night to night, 10 nights before: without a change {nights.Alarms} false alarms in {nights.Nights} nights ({(double)nights.Alarms / nights.Nights:0.00 %} a night); 1 W more is called after {found.MeanDelay:0.0} nights on average."));
        return all && (double)nights.Alarms / nights.Nights <= 0.013 ? 0 : 1;
    }

    /// <summary>How often a case calls a change, and how often it stands out of the scatter from night to night.</summary>
    public static (double Called, double Beyond) Share(ChangeCase one, int seed)
    {
        var random = new Random(seed);
        var (called, beyond) = (0, 0);
        for (var i = 0; i < one.Repetitions; i++)
        {
            var scatter = double.IsNaN(one.ScatterW) ? 0.5 * Math.Tan(Math.PI / 2 * random.NextDouble()) : one.ScatterW;
            var earlier = Enumerable.Range(0, one.Earlier).Select(_ => Night(random, 60, scatter)).ToArray();
            var newest = Enumerable.Range(0, one.Since).Select(_ => Night(random, 60 + one.ChangeW, scatter)).ToArray();
            var test = BaselineChange.Test(earlier, newest, Rate);
            called += test.Changed ? 1 : 0;
            beyond += test.BeyondNights ? 1 : 0;
        }

        return ((double)called / one.Repetitions, (double)beyond / one.Repetitions);
    }

    private static (int Alarms, int Nights, double MeanDelay) Cusum(double changeW)
    {
        const int Histories = 1000, Before = 10, After = 40;
        var random = new Random(77);
        var (alarms, nights, delays) = (0, 0, 0);
        for (var i = 0; i < Histories; i++)
        {
            var history = Enumerable.Range(0, Before + After).Select(night => Night(random, 60 + (night >= Before ? changeW : 0), 0.5)).ToArray();
            var cusum = BaselineCusum.Of(history, Rate);
            alarms += cusum.Alarm is not null ? 1 : 0;
            nights += (cusum.Alarm ?? history.Length - 1) + 1 - 3;
            delays += (cusum.Alarm ?? history.Length - 1) + 1 - Before;
        }

        return (alarms, nights, delays / (double)Histories);
    }

    private static BaselineNight Night(Random random, double level, double scatter)
    {
        var tonight = level + scatter * Normal(random);
        var samples = new double[60];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = tonight + Normal(random);
        var mean = samples.Average();
        return new BaselineNight(mean, Math.Sqrt(samples.Sum(sample => (sample - mean) * (sample - mean)) / 59 / 60), 59);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
