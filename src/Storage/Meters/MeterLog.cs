namespace MeterLab.Storage.Meters;

/// <summary>What happened on meters' wires (written by the recorder) and how the meters were set.</summary>
public sealed class MeterLog
{
    private readonly StoreContext _context;

    internal MeterLog(StoreContext context) => _context = context;

    /// <summary>A campaign's events in the order of storing.</summary>
    public IReadOnlyList<MeterEventRecord> Events(string campaign) => _context.Database.Query<MeterEventRecord>(
        "SELECT meter, kind, host_ns, detail FROM meter_event WHERE campaign = @campaign ORDER BY id", new { campaign });

    /// <summary>Keeps a meter's identity and settings, stamped now.</summary>
    public void AddSettings(MeterSettingsRecord settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        SecretGuard.Check(settings.Settings, "A meter's settings");
        _context.Database.Execute(
            """
            INSERT INTO meter_settings (campaign, session, meter, moment, read_utc_ns, identity, settings)
            VALUES (@Campaign, @Session, @Meter, @moment, @UtcNs, @Identity, @Settings)
            """,
            new
            {
                settings.Campaign, _context.Session, settings.Meter, moment = EnumText.Of(settings.Moment), _context.UtcNs, settings.Identity, settings.Settings,
            });
    }

    /// <summary>A campaign's settings, by meter and time.</summary>
    public IReadOnlyList<MeterSettingsRecord> Settings(string campaign) => _context.Database.Query<MeterSettingsRecord>(
        "SELECT campaign, meter, moment, read_utc_ns, identity, settings FROM meter_settings WHERE campaign = @campaign ORDER BY meter, id",
        new { campaign });
}
