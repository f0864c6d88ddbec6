using MeterLab.Measurement.Clocks;

namespace MeterLab.Storage.Clocks;

/// <summary>Everything that ties clocks together.</summary>
public sealed class ClockStore
{
    private readonly StoreContext _context;

    internal ClockStore(StoreContext context) => _context = context;

    /// <summary>Keeps a reading of the lab host's clocks; <paramref name="campaign"/> is null outside one.</summary>
    public void AddAnchor(string? campaign, HostAnchor anchor) => _context.Database.Execute(
        """
        INSERT INTO host_anchor (campaign, session, monotonic_before_ns, raw_ns, utc_ns, monotonic_after_ns)
        VALUES (@campaign, @Session, @MonotonicBeforeNs, @RawNs, @UtcNs, @MonotonicAfterNs)
        """,
        new { campaign, _context.Session, anchor.MonotonicBeforeNs, anchor.RawNs, anchor.UtcNs, anchor.MonotonicAfterNs });

    /// <summary>A campaign's anchors in the order of taking.</summary>
    public IReadOnlyList<HostAnchorRecord> Anchors(string campaign) => _context.Database.Query<HostAnchorRecord>(
        """
        SELECT boot, monotonic_before_ns, raw_ns, utc_ns, monotonic_after_ns
        FROM host_anchor JOIN session ON session.id = host_anchor.session
        WHERE campaign = @campaign ORDER BY host_anchor.id
        """,
        new { campaign });

    /// <summary>Keeps observations of a clock, all or none.</summary>
    public void AddObservations(string campaign, string? run, ClockId clock, IEnumerable<SyncObservation> observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        _context.Database.InTransaction(() =>
        {
            foreach (var one in observations)
            {
                _context.Database.Execute(
                    """
                    INSERT INTO clock_observation (campaign, run, session, clock, before_ns, remote_ns, after_ns, resolution_ns)
                    VALUES (@campaign, @run, @Session, @clock, @BeforeNs, @RemoteNs, @AfterNs, @ResolutionNs)
                    """,
                    new { campaign, run, _context.Session, clock, one.BeforeNs, one.RemoteNs, one.AfterNs, one.ResolutionNs });
            }
        });
    }

    /// <summary>A campaign's observations of a clock in the order of observing.</summary>
    public IReadOnlyList<ClockObservationRecord> Observations(string campaign, ClockId clock) => _context.Database.Query<ClockObservationRecord>(
        """
        SELECT clock_observation.id, run, boot, clock, before_ns, remote_ns, after_ns, resolution_ns
        FROM clock_observation JOIN session ON session.id = clock_observation.session
        WHERE campaign = @campaign AND clock = @clock ORDER BY clock_observation.id
        """,
        new { campaign, clock });

    /// <summary>Keeps a fit beside earlier ones, stamped now; returns its id.</summary>
    public long AddMap(ClockMapRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _context.Database.Insert(
            """
            INSERT INTO clock_map (campaign, run, from_clock, to_clock, created_utc_ns, code_version, inputs, map)
            VALUES (@Campaign, @Run, @From, @To, @UtcNs, @Version, @Inputs, @Map)
            """,
            new { record.Campaign, record.Run, record.Map.From, record.Map.To, _context.UtcNs, _context.Options.Version, record.Inputs, record.Map });
    }

    /// <summary>A campaign's fits, the oldest first.</summary>
    public IReadOnlyList<ClockMapRecord> Maps(string campaign) => _context.Database.Query<ClockMapRecord>(
        "SELECT id, campaign, run, created_utc_ns, code_version, inputs, map FROM clock_map WHERE campaign = @campaign ORDER BY id", new { campaign });
}
