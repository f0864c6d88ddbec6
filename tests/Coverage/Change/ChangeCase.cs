namespace MeterLab.Coverage.Change;

/// <summary>One line of the table; a share without bounds is shown and not judged.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Earlier">Earlier nights.</param>
/// <param name="Since">Nights since the change.</param>
/// <param name="ScatterW">Standard deviation from night to night, W; <see cref="Drawn"/>: another one for every machine.</param>
/// <param name="ChangeW">The change, W.</param>
/// <param name="Repetitions">How many machines.</param>
/// <param name="Called">Between which shares the calls must lie.</param>
/// <param name="Beyond">The same for those that stand out of the scatter from night to night.</param>
internal sealed record ChangeCase(
    string Name, int Earlier, int Since, double ScatterW, double ChangeW, int Repetitions, (double Least, double Most)? Called, (double Least, double Most)? Beyond)
{
    /// <summary>Half of the machines scatter by less than 0.5 W, some by very much more.</summary>
    public const double Drawn = double.NaN;

    /// <summary>Whether the shares lie where they must; null where nothing is wanted of them.</summary>
    public bool? Holds((double Called, double Beyond) share) =>
        Called is null && Beyond is null ? null : Within(Called, share.Called) && Within(Beyond, share.Beyond);

    private static bool Within((double Least, double Most)? bounds, double share) => bounds is not { } wanted || (share >= wanted.Least && share <= wanted.Most);
}
