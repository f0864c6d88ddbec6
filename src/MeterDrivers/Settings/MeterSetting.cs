namespace MeterLab.MeterDrivers.Settings;

/// <summary>How one thing of a meter is set.</summary>
/// <param name="Name">Its name: <c>measurement-mode</c>.</param>
/// <param name="Value">What the meter says; null where it did not tell.</param>
/// <param name="Wanted">What it must be set to before measuring; null where it is only recorded, and must not change within a campaign.</param>
/// <param name="IsRight">Whether it is as it must be. What is only recorded is always right.</param>
/// <param name="CanWrite">Whether MeterLab knows how to set it.</param>
/// <param name="Meaning">What it does to the figures.</param>
public sealed record MeterSetting(string Name, string? Value, string? Wanted, bool IsRight, bool CanWrite, string Meaning);
