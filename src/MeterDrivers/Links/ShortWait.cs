namespace MeterLab.MeterDrivers.Links;

/// <summary>
/// Decides whether a short wait on the spot is worth while: as long as such waits bring what is waited for, each time; otherwise more and
/// more seldom, down to one time in a thousand. Not for concurrent use.
/// </summary>
internal sealed class ShortWait
{
    private const int MostSkipped = 1023;

    private int _skipped;
    private int _toSkip;

    /// <summary>Whether to wait this time; then say with <see cref="Ended"/> what came of it.</summary>
    public bool IsWorthwhile()
    {
        if (_skipped >= _toSkip)
            return true;
        _skipped++;
        return false;
    }

    /// <summary>Tells whether the wait brought what was waited for.</summary>
    public void Ended(bool successful)
    {
        _skipped = 0;
        // Back by halves: where every other wait is in vain, on a busy computer, most are left out.
        _toSkip = successful ? _toSkip / 2 : Math.Min(2 * _toSkip + 1, MostSkipped);
    }
}
