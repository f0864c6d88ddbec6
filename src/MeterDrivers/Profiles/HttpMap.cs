namespace MeterLab.MeterDrivers.Profiles;

/// <summary>How a device wants to know who asks.</summary>
public enum HttpAuthentication
{
    /// <summary>it does not</summary>
    None,

    /// <summary>name and password in the clear (RFC 7617)</summary>
    Basic,

    /// <summary>a hash over a number of the device's (RFC 7616); never falls back to anything weaker</summary>
    Digest,

    /// <summary><c>user</c> and <c>password</c> as part of the query</summary>
    Query,
}

/// <summary>What a profile says of a model's answers over HTTP.</summary>
public sealed record HttpMap
{
    /// <summary>The fields, in the order of the file.</summary>
    public required IReadOnlyList<HttpField> Fields { get; init; }

    /// <summary>How it is told who asks, where the address has a password.</summary>
    public HttpAuthentication Authentication { get; init; }

    /// <summary>The name that goes with a password where the address has none.</summary>
    public string User { get; init; } = "admin";

    /// <summary>How long an answer may take, from the question to its last byte.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The longest answer, bytes.</summary>
    public int MaxReply { get; init; } = 64 << 10;

    /// <summary>Where the device tells what it is: path of the request, then JSON paths by <c>model</c>, <c>serial</c>, <c>firmware</c>; null where it does not.</summary>
    public HttpIdentity? Identity { get; init; }
}

/// <summary>A value in a device's JSON.</summary>
/// <param name="Value">What it is.</param>
/// <param name="Get">Path and query of the request, with its places for n.</param>
/// <param name="Path">Where it stands in the answer: <c>emeters[{n-1}].power</c>.</param>
/// <param name="Expect">A place in the answer and what must stand there, so that it is the component that was asked for: <c>id</c> and <c>{n-1}</c>; null for any.</param>
public sealed record HttpField(ValueField Value, string Get, string Path, (string Path, string Text)? Expect);

/// <summary>Where a device tells what it is.</summary>
/// <param name="Get">Path and query of the request.</param>
/// <param name="Paths">JSON paths by <c>model</c>, <c>serial</c>, <c>firmware</c>.</param>
public sealed record HttpIdentity(string Get, IReadOnlyDictionary<string, string> Paths);
