using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace MeterLab.Storage.Migrations;

/// <summary>One file of <c>sqlite/migrations</c>, carried inside this assembly.</summary>
/// <param name="Version">1, 2, 3 … without holes: the number that its name begins with.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Sql">What it does.</param>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>Of the text with line feeds only: a checkout with carriage returns is no edit.</summary>
    public string Sha256 { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.Replace("\r\n", "\n", StringComparison.Ordinal))));

    /// <summary>All that this program knows, in order.</summary>
    public static IReadOnlyList<Migration> Embedded { get; } = Load(typeof(Migration).Assembly);

    private static List<Migration> Load(Assembly assembly)
    {
        var all = new List<Migration>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            var version = int.Parse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
            if (version != all.Count + 1)
                throw new InvalidOperationException($"Migration {name} stands where number {all.Count + 1} belongs; migrations are numbered without holes.");
            all.Add(new Migration(version, name, reader.ReadToEnd()));
        }

        return all;
    }
}
