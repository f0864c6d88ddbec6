namespace MeterLab.MeterDrivers.Profiles;

/// <summary>The same map for a specimen that is set or built otherwise: another word order, another place, another number of outlets.</summary>
internal static class RegisterMapVariants
{
    /// <summary>Every value, and every number that tells who the device is, in another word order.</summary>
    public static RegisterMap WithWordOrder(this RegisterMap map, WordOrder order)
    {
        return map.Each(field => field with { Encoding = field.Encoding with { Order = order } }) with
        {
            Serial = Reordered(map.Serial),
            Firmware = Reordered(map.Firmware),
        };

        IdentityRegister? Reordered(IdentityRegister? register) =>
            register is null ? null : register with { Encoding = register.Encoding with { Order = order } };
    }

    /// <summary>The fields of a named base moved to another; a channel named after a number loses it (outlet-1 becomes outlet).</summary>
    public static RegisterMap WithBase(this RegisterMap map, string name, ushort address)
    {
        var shift = address - map.Bases[name];
        return map.Each(field => field.Base != name ? field : field with { Address = Moved(field), Channel = Renamed(field.Channel) });

        string Renamed(string channel) => channel.StartsWith($"{name}-1", StringComparison.Ordinal) ? name + channel[(name.Length + 2)..] : channel;

        ushort Moved(RegisterField field) => (ushort)Math.Clamp(field.Address + shift, 0, 65536 - field.Encoding.Registers);
    }

    /// <summary>The series of this word (<c>outlet</c> is in outlet-1 and in outlet-peak-1) with another number of members; what lies beyond the last address is left out.</summary>
    public static RegisterMap WithSeries(this RegisterMap map, string name, int count)
    {
        var fields = new List<RegisterField>();
        foreach (var field in map.Fields)
        {
            if (field.Series?.Word != name)
                fields.Add(field);
            else if (field.Series.Number == 1)
                fields.AddRange(Members(field, field.Series.Name, count, field.Series.Stride));
        }

        return map with { Fields = fields };
    }

    /// <summary>The fields of a SunSpec block that was found at this address; scale registers move with them.</summary>
    public static RegisterMap At(this RegisterMap map, ushort block) => map.Each(field => field with
    {
        Address = (ushort)(block + field.Address),
        ScaleRegister = field.ScaleRegister is { } scale ? (ushort)(block + scale) : null,
    });

    /// <summary>The members of a series from a first field's facts, as far as addresses go.</summary>
    public static IEnumerable<RegisterField> Members(RegisterField first, string name, int count, int stride)
    {
        for (var number = 1; number <= count; number++)
        {
            var address = first.Address + (number - 1) * stride;
            if (address + first.Encoding.Registers > 65536)
                yield break;
            yield return first with
            {
                Channel = $"{name}-{number}",
                Address = (ushort)address,
                Series = new RegisterSeries(name, number, stride),
            };
        }
    }

    /// <summary>The map with every field, and the probe's, replaced.</summary>
    public static RegisterMap Each(this RegisterMap map, Func<RegisterField, RegisterField> change) => map with
    {
        Fields = [.. map.Fields.Select(change)],
        Probe = map.Probe is { } probe ? probe with { Field = change(probe.Field) } : null,
    };
}
