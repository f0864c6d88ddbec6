using MeterLab.Configuration;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Http;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>Reads the section <c>http</c> of a profile.</summary>
internal static class HttpMapReader
{
    private const double MostBytes = 1 << 20;

    public static HttpMap Read(ConfigNode node)
    {
        var map = node.AsMap("auth", "user", "timeout", "max-reply", "identity", "fields");
        var rows = map.Require("fields").AsList();
        if (rows.Count == 0)
            throw node.Error("a profile without fields measures nothing");
        return new HttpMap
        {
            Fields = [.. rows.Select(Field)],
            Authentication = map.Find("auth")?.AsOneOf("none", "basic", "digest", "query") switch
            {
                "basic" => HttpAuthentication.Basic,
                "digest" => HttpAuthentication.Digest,
                "query" => HttpAuthentication.Query,
                _ => HttpAuthentication.None,
            },
            User = map.Text("user") ?? "admin",
            Timeout = TimeSpan.FromSeconds(map.Find("timeout")?.AsQuantityIn(Dimension.Time, 0.01, 60, "10ms to 1min") ?? 3),
            MaxReply = (int)(map.Find("max-reply")?.AsQuantityIn(Dimension.Information, 64, MostBytes, "64B to 1MiB") ?? 64 << 10),
            Identity = map.Find("identity") is { } identity ? Identity(identity) : null,
        };
    }

    private static HttpField Field(ConfigNode row)
    {
        var keys = row.AsMap([.. ValueFieldReader.Keys, "get", "path", "expect"]);
        var value = ValueFieldReader.Read(keys);
        var get = Get(keys.Require("get"));
        var path = Path(keys.Require("path"));
        if (value.Repeat is not null && !(get + path).Contains("{n", StringComparison.Ordinal))
            throw row.Error("the places of a row differ by {n} in get or path");
        return new HttpField(value, get, path, keys.Find("expect") is { } expect ? Expect(expect) : null);
    }

    private static (string Path, string Text) Expect(ConfigNode node)
    {
        var entries = node.AsAnyMap().Entries.ToArray();
        if (entries.Length != 1 || !JsonPath.TryParse(ValueField.Fill(entries[0].Key, 1, 1), out _))
            throw node.Error("one place in the answer and what stands there is wanted, for instance { id: \"{n-1}\" }");
        return (entries[0].Key, entries[0].Value.AsText());
    }

    private static HttpIdentity Identity(ConfigNode node)
    {
        var keys = node.AsMap("get", "model", "serial", "firmware");
        return new HttpIdentity(
            Get(keys.Require("get")), keys.Entries.Where(entry => entry.Key != "get").ToDictionary(entry => entry.Key, entry => Path(entry.Value)));
    }

    private static string Get(ConfigNode node)
    {
        var text = node.AsText();
        return text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal) && text.All(c => c is > ' ' and < '\x7f')
            ? text
            : throw node.Error($"'{text}' is no path on the device; it begins with one / and has no blanks (%20 stands for one)");
    }

    private static string Path(ConfigNode node)
    {
        var text = node.AsText();
        return JsonPath.TryParse(ValueField.Fill(text, 1, 1), out _)
            ? text
            : throw node.Error($"'{text}' is no place in JSON; write names with dots and numbers in brackets, as in emeters[0].power");
    }
}
