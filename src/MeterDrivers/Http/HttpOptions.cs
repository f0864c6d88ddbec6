using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Http;

/// <summary>How one device is asked.</summary>
/// <param name="Authentication">How it is told who asks.</param>
/// <param name="User">The name.</param>
/// <param name="Password">The password, resolved; null where the address has none. Never printed.</param>
/// <param name="Timeout">How long a whole answer may take.</param>
/// <param name="MaxReply">The longest answer, bytes.</param>
internal sealed record HttpOptions(HttpAuthentication Authentication, string User, string? Password, TimeSpan Timeout, int MaxReply)
{
    /// <summary>Everything but the password.</summary>
    public override string ToString() => $"{Authentication}, {User}";
}
