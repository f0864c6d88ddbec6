namespace MeterLab.Estimators.Custom;

/// <summary>How a time is written.</summary>
internal enum CustomTimeFormat
{
    /// <summary>seconds since 1970</summary>
    Unix,

    /// <summary>date and time without a zone, taken as UTC</summary>
    Local,
}
