using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Reconciliation;

namespace MeterLab.Cli.Commands;

/// <summary>One thing that a check found, and about what.</summary>
internal sealed record CheckRow(string Subject, string Rule, string Severity, string Detail)
{
    /// <summary>A finding about a subject, for instance <c>meter wall</c>.</summary>
    public static CheckRow Of(string subject, Finding finding)
    {
        var row = FindingRows.Of(finding);
        return new CheckRow(subject, row.Rule, row.Severity, row.Detail);
    }
}

/// <summary>What <c>check</c> prints.</summary>
internal sealed record CheckDocument(string Rig, string File, bool Passed, IReadOnlyList<CheckRow> Findings)
{
    /// <summary>The table of findings, what cannot be used at its end where the eye is.</summary>
    public static void WriteTable(TextWriter text, IReadOnlyList<CheckRow> rows)
    {
        var table = new TextTable("what", "severity", "rule", "finding");
        foreach (var row in rows.OrderBy(row => Array.IndexOf(Order, row.Severity)))
            table.Add(row.Subject, row.Severity, row.Rule, row.Detail);
        table.Write(text);
    }

    private static readonly string[] Order = ["note", "warning", "invalid"];
}
