using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Http;

/// <summary>One value that a profile may find in a device's answers: a field of it with its n filled in.</summary>
/// <param name="Field">The profile's row.</param>
/// <param name="N">Its number in the row; 0 alone.</param>
/// <param name="Get">Path and query of the request.</param>
/// <param name="Path">The place in the answer.</param>
/// <param name="Mark">Where the answer tells which component it is of, and what must stand there; null where it does not.</param>
internal sealed record HttpPlace(HttpField Field, int N, string Get, JsonPath Path, (JsonPath Path, string Text)? Mark)
{
    /// <summary>Whether an answer is of the component that was asked for.</summary>
    public bool IsOf(JsonReply reply) => Mark is not { } mark || reply.Text(mark.Path) == mark.Text;

    /// <summary>All places of a profile.</summary>
    public static IReadOnlyList<HttpPlace> Of(HttpMap map) =>
        [.. map.Fields.SelectMany(row => row.Value.Numbers, (row, n) => new HttpPlace(
            row,
            n,
            ValueField.Fill(row.Get, n, 0),
            JsonPath.Parse(ValueField.Fill(row.Path, n, 0)),
            row.Expect is { } expect ? (JsonPath.Parse(ValueField.Fill(expect.Path, n, 0)), ValueField.Fill(expect.Text, n, 0)) : null))];
}
