namespace MeterLab.Orchestrator.Targets;

/// <summary>Which parts of a machine's fingerprint changed, in words.</summary>
public static class FingerprintChanges
{
    // More than these are counted, not listed: a new kernel brings dozens.
    private const int MostMembers = 6;

    private static readonly Dictionary<string, (string Came, string Went)> Verbs = new()
    {
        ["service"] = ("was started", "was stopped"),
        ["PCI device"] = ("was added", "was removed"),
        ["USB device"] = ("was plugged in", "was unplugged"),
    };

    /// <summary>A sentence's part for each change; empty where nothing changed.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<FingerprintPart> before, IReadOnlyList<FingerprintPart> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var changes = new List<string>();
        foreach (var name in after.Concat(before).Select(part => part.Name).Distinct())
        {
            var old = before.FirstOrDefault(part => part.Name == name);
            var now = after.FirstOrDefault(part => part.Name == name);
            // What a version of this program did not ask about cannot have changed.
            if (old is not null && now is not null)
                changes.AddRange(Of(old, now));
        }

        return changes;
    }

    private static IEnumerable<string> Of(FingerprintPart old, FingerprintPart now)
    {
        if (old.Values is null && now.Values is null)
            return [];
        if (old.Values is null || now.Values is null)
            return [$"the {now.Name} {(now.Values is null ? "is not told any more" : $"is told for the first time ({string.Join(", ", now.Values.Take(MostMembers))})")}"];
        if (!now.IsList)
            return old.Values.SequenceEqual(now.Values) ? [] : [$"the {now.Name} was '{string.Join(' ', old.Values)}' and is '{string.Join(' ', now.Values)}'"];
        var (came, went) = Verbs.GetValueOrDefault(now.Name, ("is new", "is gone"));
        return [.. Members(now.Name, Without(now.Values, old.Values), came), .. Members(now.Name, Without(old.Values, now.Values), went)];
    }

    private static IEnumerable<string> Members(string name, List<string> members, string verb) => members.Count > MostMembers
        ? [$"{members.Count} of kind '{name}' {verb}, among them {string.Join(", ", members.Take(MostMembers))}"]
        : members.Select(member => $"the {name} {member} {verb}");

    // Two equal modules of memory are two.
    private static List<string> Without(IReadOnlyList<string> all, IReadOnlyList<string> less)
    {
        var left = less.ToList();
        return [.. all.Where(value => !left.Remove(value))];
    }
}
