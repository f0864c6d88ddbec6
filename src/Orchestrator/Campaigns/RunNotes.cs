using MeterLab.Measurement;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>What people said of a campaign's runs, as findings: an exclusion makes a run not valid, a note stands beside it.</summary>
internal sealed class RunNotes
{
    private readonly IReadOnlyList<NoteRecord> _notes;
    private readonly IReadOnlyDictionary<string, NoteRecord> _excluded;

    private RunNotes(IReadOnlyList<NoteRecord> notes, IReadOnlyDictionary<string, NoteRecord> excluded)
    {
        _notes = notes;
        _excluded = excluded;
    }

    /// <summary>The notes on a campaign's runs.</summary>
    public static RunNotes Of(Store store, string campaign) => new(store.Notes.OfCampaign(campaign), store.Notes.ExcludedIn(campaign));

    /// <summary>The findings that they make of one run, the oldest first.</summary>
    public IEnumerable<Finding> Findings(string run)
    {
        foreach (var note in _notes.Where(note => note.Run == run && note.Kind == NoteKind.Note))
            yield return new Finding("note", Severity.Note, Said(note));
        if (_excluded.TryGetValue(run, out var exclusion))
            yield return new Finding("excluded", Severity.Invalid, $"Excluded by hand: {Said(exclusion)}");
    }

    private static string Said(NoteRecord note) => $"{note.Text} ({note.Author}, {Reconciler.Utc(note.WrittenUtcNs)})";
}
