using System.Globalization;

using MeterLab.Estimators.Text;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>
/// The columns of <c>emissions.csv</c> by name, 29 (version 2.0) to 38 (3.3) of them, and what a field of each may hold. The test of the
/// fields is what tells a shifted row from a whole one.
/// </summary>
internal static class CodeCarbonColumns
{
    public const string Task = "task_name";
    public const string Timestamp = "timestamp";
    public const string Project = "project_name";
    public const string RunId = "run_id";
    public const string Duration = "duration";
    public const string Emissions = "emissions";
    public const string EmissionsRate = "emissions_rate";
    public const string CpuPower = "cpu_power";
    public const string RamPower = "ram_power";
    public const string CpuEnergy = "cpu_energy";
    public const string GpuEnergy = "gpu_energy";
    public const string RamEnergy = "ram_energy";
    public const string Energy = "energy_consumed";
    public const string Country = "country_iso_code";
    public const string Region = "region";
    public const string Version = "codecarbon_version";
    public const string GpuCount = "gpu_count";
    public const string CpuModel = "cpu_model";
    public const string GpuModel = "gpu_model";
    public const string Longitude = "longitude";
    public const string Latitude = "latitude";
    public const string Mode = "tracking_mode";
    public const string OnCloud = "on_cloud";
    public const string Pue = "pue";

    /// <summary>What every version from 2.0 on writes, in run and task files alike.</summary>
    public static readonly string[] Required =
        [Timestamp, Project, RunId, Duration, Emissions, CpuEnergy, GpuEnergy, RamEnergy, Energy, Mode, OnCloud];

    /// <summary>Whether a field can stand in a column; columns of later versions may hold anything.</summary>
    public static bool Accepts(string column, string field) => column switch
    {
        Timestamp => Time(field) is not null,
        RunId or "os" => field.Length > 0 && !IsNumber(field),
        Duration or Emissions or EmissionsRate or CpuPower or "gpu_power" or RamPower or CpuEnergy or GpuEnergy or RamEnergy or Energy or Pue =>
            IsNumber(field),
        "water_consumed" or "cpu_count" or GpuCount or Longitude or Latitude or "ram_total_size" or "wue" or "cpu_utilization_percent"
            or "gpu_utilization_percent" or "ram_utilization_percent" or "ram_used_gb" => field.Length == 0 || IsNumber(field),
        "country_name" or Region or "cloud_provider" or "cloud_region" or CpuModel or GpuModel => !IsNumber(field),
        Country => field.Length == 0 || (field.Length == 3 && field.All(char.IsAsciiLetterUpper)),
        "python_version" or Version => field.Length > 0 && char.IsAsciiDigit(field[0]) && field.Contains('.', StringComparison.Ordinal),
        Mode => field is "machine" or "process",
        OnCloud => field is "Y" or "N",
        _ => true,
    };

    /// <summary>A finite number as Python writes it.</summary>
    public static double? Number(string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>A local time without zone; null where the field is none. Spreadsheets and pandas put a blank for the T.</summary>
    public static NodaTime.LocalDateTime? Time(string field) => LocalTimes.Parse(field);

    private static bool IsNumber(string field) => Number(field) is not null;
}
