namespace MeterLab.Storage.Campaigns;

/// <summary>Notes and exclusions by hand. Nothing is taken back: a later row speaks against an earlier one.</summary>
public sealed class NoteStore
{
    private readonly StoreContext _context;

    internal NoteStore(StoreContext context) => _context = context;

    /// <summary>Adds a note, stamped now.</summary>
    public void Add(string run, NoteKind kind, string author, string text)
    {
        SecretGuard.Check(text, "The note");
        _context.Database.Execute(
            "INSERT INTO note (run, kind, author, written_utc_ns, text) VALUES (@run, @kind, @author, @UtcNs, @text)",
            new { run, kind = EnumText.Of(kind), author, _context.UtcNs, text });
    }

    /// <summary>All notes on a campaign's runs, the oldest first.</summary>
    public IReadOnlyList<NoteRecord> OfCampaign(string campaign) => _context.Database.Query<NoteRecord>(
        """
        SELECT run, kind, author, written_utc_ns, text FROM note
        WHERE run IN (SELECT id FROM run WHERE campaign = @campaign) ORDER BY id
        """,
        new { campaign });

    /// <summary>The runs of a campaign that stand excluded, each with the note that did it.</summary>
    public IReadOnlyDictionary<string, NoteRecord> ExcludedIn(string campaign)
    {
        var excluded = new Dictionary<string, NoteRecord>(StringComparer.Ordinal);
        foreach (var note in OfCampaign(campaign))
        {
            if (note.Kind == NoteKind.Exclude)
                excluded[note.Run] = note;
            else if (note.Kind == NoteKind.Include)
                excluded.Remove(note.Run);
        }

        return excluded;
    }
}
