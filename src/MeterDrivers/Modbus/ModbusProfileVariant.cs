using System.Globalization;

using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>The profile that an address names, changed as its options say: word order, bases, number of outlets.</summary>
internal static class ModbusProfileVariant
{
    private const int MostMembers = 128;

    /// <summary>Finds it. Throws <see cref="Measurement.ConfigurationException"/> for an unknown model and for options that it does not have.</summary>
    public static MeterProfile Find(MeterUri uri, MeterEnvironment environment, IReadOnlyList<string> wireOptions)
    {
        var model = uri.Model ?? throw uri.Error("the model is missing; add for instance ?model=eastron-sdm630");
        var profile = new ProfileLibrary(environment.ProfileDirectory).Find(model);
        var bases = profile.Registers.Bases.Keys.ToArray();
        var series = profile.Registers.SeriesNames.ToArray();
        uri.AllowOptions([.. ModbusMeterOptions.Names, .. wireOptions, .. bases.Select(BaseOption), .. series.Select(SeriesOption)]);
        foreach (var name in bases)
        {
            if (uri.Option(BaseOption(name)) is not null)
                profile = profile.With(map => map.WithBase(name, Address(uri, BaseOption(name))));
        }

        foreach (var name in series)
        {
            if (uri.Option(SeriesOption(name)) is not null)
                profile = profile.With(map => map.WithSeries(name, uri.WholeNumber(SeriesOption(name), 1, 1, MostMembers)));
        }

        if (uri.Option("word-order") is not { } text)
            return profile;
        var order = RegisterDefaults.FindOrder(text) ?? throw uri.Error($"word-order: '{text}' is not known; ABCD, CDAB, BADC or DCBA is right");
        return profile.With(map => map.WithWordOrder(order));
    }

    private static string BaseOption(string name) => name + "-base";

    private static string SeriesOption(string name) => name + "s";

    private static ushort Address(MeterUri uri, string option)
    {
        var text = uri.Option(option)!;
        var hexadecimal = text.StartsWith("0x", StringComparison.Ordinal);
        return ushort.TryParse(
            hexadecimal ? text.AsSpan(2) : text, hexadecimal ? NumberStyles.HexNumber : NumberStyles.None, CultureInfo.InvariantCulture, out var address)
            ? address
            : throw uri.Error($"{option}: a register's address from 0 to 65535 is wanted, as 32768 or 0x8000, not '{text}'");
    }
}
