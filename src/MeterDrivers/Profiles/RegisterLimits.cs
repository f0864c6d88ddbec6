namespace MeterLab.MeterDrivers.Profiles;

/// <summary>Bounds that hold for every register map.</summary>
internal static class RegisterLimits
{
    /// <summary>The most requests on their way at once: what a server may take at most (Messaging on TCP/IP Implementation Guide 1.0b, section 4.2.2).</summary>
    public const int MostInFlight = 16;
}
