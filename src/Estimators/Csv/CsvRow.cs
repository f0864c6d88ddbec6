namespace MeterLab.Estimators.Csv;

/// <summary>One row as it stands in the file: no field is invented, dropped or trimmed.</summary>
/// <param name="Line">Where the row begins, from 1.</param>
/// <param name="Fields">The fields with their quotes resolved.</param>
/// <param name="Ended">Whether a line end follows; a last row without one may have been cut off.</param>
/// <param name="Defect">What breaks RFC 4180 in this row, in words; null where nothing does.</param>
public sealed record CsvRow(int Line, IReadOnlyList<string> Fields, bool Ended, string? Defect);
