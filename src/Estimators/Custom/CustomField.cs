namespace MeterLab.Estimators.Custom;

/// <summary>Where a value stands in an estimator's file.</summary>
/// <param name="Name">The column, or the path of members: <c>result.energy</c>, <c>cards[0].joules</c>.</param>
/// <param name="Factor">What makes an SI unit of it.</param>
internal sealed record CustomField(string Name, double Factor);
