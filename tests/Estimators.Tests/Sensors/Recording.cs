using System.Globalization;
using System.Text;

namespace MeterLab.Estimators.Tests.Sensors;

/// <summary>A sampler's file written by hand; times are seconds after <see cref="Handmade.StartS"/>.</summary>
internal sealed class Recording(string kind, double intervalS, params string[] descriptions)
{
    private readonly StringBuilder _text = new(
        string.Create(CultureInfo.InvariantCulture, $"meterlab-sensor 1 {kind} {intervalS * 1e9:0}\n") + string.Concat(descriptions.Select(line => line + "\n")));

    public Recording At(double seconds, string text, int exitCode = 0)
    {
        // A question that takes 2 ms.
        var ns = (long)(Handmade.StartS * 1e9) + (long)Math.Round(seconds * 1e9);
        _text.Append(CultureInfo.InvariantCulture, $"@ {ns - 1_000_000} {ns + 1_000_000} {exitCode}\n");
        foreach (var line in text.Split('\n'))
            _text.Append(CultureInfo.InvariantCulture, $"> {line}\n");
        return this;
    }

    public EstimatorFile File(string name = "x.samples") => Fixture.Csv(_text.ToString(), name);

    public EstimatorFile Cut(int characters) => Fixture.Csv(_text.ToString()[..^characters], "x.samples");
}
