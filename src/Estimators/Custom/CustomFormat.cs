namespace MeterLab.Estimators.Custom;

/// <summary>How a file is laid out.</summary>
internal enum CustomFormat
{
    /// <summary>rows under a header</summary>
    Csv,

    /// <summary>one document</summary>
    Json,

    /// <summary>an object a line</summary>
    JsonLines,
}
