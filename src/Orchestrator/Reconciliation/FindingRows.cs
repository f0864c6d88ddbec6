using MeterLab.Measurement;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>Findings as JSON has them.</summary>
public static class FindingRows
{
    /// <summary>One row.</summary>
    public static FindingRow Of(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        var severity = finding.Severity switch
        {
            Severity.Note => "note",
            Severity.Warning => "warning",
            _ => "invalid",
        };
        return new FindingRow(finding.Rule, severity, finding.Detail);
    }
}
