using NodaTime;
using NodaTime.Text;

namespace MeterLab.Storage.Campaigns;

/// <summary>Campaigns, newest first.</summary>
public sealed class CampaignStore
{
    private const string Columns =
        """
        SELECT id, name, rig, state, started_utc_ns, ended_utc_ns, seed, tolerance_pct, plan, rig_text, campaign_text,
               file_hashes, meterlab_version
        FROM campaign
        """;

    private static readonly InstantPattern Stamp = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'");
    private readonly StoreContext _context;

    internal CampaignStore(StoreContext context) => _context = context;

    /// <summary>An id as the contract has it, name and UTC stamp: <c>nightly-vision-20260101T010000Z</c>.</summary>
    public static string NewId(string name, long utcNs) => $"{name}-{Stamp.Format(Instant.FromUnixTimeTicks(utcNs / 100))}";

    /// <summary>As <see cref="NewId"/>; a second campaign of that name within the same second gets <c>-2</c>, and so on.</summary>
    public string FreeId(string name, long utcNs)
    {
        var first = NewId(name, utcNs);
        var id = first;
        for (var number = 2; Exists(id); number++)
            id = FormattableString.Invariant($"{first}-{number}");
        return id;
    }

    /// <summary>Adds a campaign. Throws <see cref="StoreException"/> where its id exists or a text holds a secret.</summary>
    public void Add(CampaignRecord campaign)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        SecretGuard.Check(campaign.RigText, "The rig file");
        SecretGuard.Check(campaign.CampaignText, "The campaign file");
        SecretGuard.Check(campaign.Plan, "The campaign's plan");
        _context.Database.Execute(
            """
            INSERT INTO campaign (id, name, rig, state, started_utc_ns, ended_utc_ns, seed, tolerance_pct, plan, rig_text,
                                  campaign_text, file_hashes, meterlab_version)
            VALUES (@Id, @Name, @Rig, @state, @StartedUtcNs, @EndedUtcNs, @Seed, @TolerancePct, @Plan, @RigText,
                    @CampaignText, @FileHashes, @version)
            """,
            new
            {
                campaign.Id, campaign.Name, campaign.Rig, state = EnumText.Of(campaign.State), campaign.StartedUtcNs, campaign.EndedUtcNs,
                campaign.Seed, campaign.TolerancePct, campaign.Plan, campaign.RigText, campaign.CampaignText, campaign.FileHashes,
                version = campaign.MeterlabVersion.Length > 0 ? campaign.MeterlabVersion : _context.Options.Version,
            });
    }

    /// <summary>The campaign of this id, or the latest of this name; null where there is neither.</summary>
    public CampaignRecord? Find(string idOrName) =>
        _context.Database.First<CampaignRecord>(
            Columns + " WHERE id = @idOrName OR name = @idOrName ORDER BY (id = @idOrName) DESC, started_utc_ns DESC, id DESC LIMIT 1",
            new { idOrName });

    /// <summary>As <see cref="Find"/>, and throws <see cref="StoreException"/> naming what is there instead.</summary>
    public CampaignRecord Get(string idOrName) => Find(idOrName) ?? throw new StoreException(
        StoreFailure.NotFound,
        $"{_context.Database.Path}: no campaign '{idOrName}'; `meterlab campaign list` shows what is there.");

    /// <summary>All, the latest first.</summary>
    public IReadOnlyList<CampaignRecord> List() =>
        _context.Database.Query<CampaignRecord>(Columns + " ORDER BY started_utc_ns DESC, id DESC");

    private bool Exists(string id) => _context.Database.First<string>("SELECT id FROM campaign WHERE id = @id", new { id }) is not null;

    /// <summary>Sets the state; any but <see cref="CampaignState.Running"/> stamps the end with the present, running clears it.</summary>
    public void SetState(string id, CampaignState state)
    {
        var ended = state == CampaignState.Running ? (long?)null : _context.UtcNs;
        var changed = _context.Database.Execute(
            "UPDATE campaign SET state = @state, ended_utc_ns = @ended WHERE id = @id", new { state = EnumText.Of(state), ended, id });
        if (changed == 0)
            throw new StoreException(StoreFailure.NotFound, $"{_context.Database.Path}: no campaign '{id}'.");
    }
}
