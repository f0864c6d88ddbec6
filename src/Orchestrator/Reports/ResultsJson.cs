using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeterLab.Orchestrator.Reports;

/// <summary>JSON as the contract has it: snake_case names, nulls written, plain text readable by people.</summary>
public static class ResultsJson
{
    /// <summary>For every document that MeterLab prints or writes.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
