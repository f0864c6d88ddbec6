namespace MeterLab.Estimators.Custom;

/// <summary>How several rows belong together.</summary>
internal enum CustomRows
{
    /// <summary>each is a run of its own</summary>
    Separate,

    /// <summary>each is the total so far of its run; the last counts</summary>
    Cumulative,

    /// <summary>each is a part of one run; they are added up</summary>
    Parts,
}
