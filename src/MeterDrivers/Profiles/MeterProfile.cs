using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>A way to reach a model.</summary>
/// <param name="Scheme">modbus-tcp, modbus-rtu, modbus-rtu-tcp, snmp, http, scpi, scpi-serial.</param>
/// <param name="Line">The serial line as the maker ships it; null on a network.</param>
/// <param name="Port">The TCP port; null on a serial line, and where an address must name it.</param>
public sealed record ProfileTransport(string Scheme, SerialSettings? Line, int? Port);

/// <summary>
/// One model of meter as <c>firmware-configs/meters/MODEL.yaml</c> describes it: its data sheet (<see cref="Facts"/>) and where its values are.
/// Plain data; nothing about such a meter is in code.
/// </summary>
public sealed record MeterProfile
{
    /// <summary>The data sheet.</summary>
    public required MeterFacts Facts { get; init; }

    /// <summary>What it is, in words.</summary>
    public required string Description { get; init; }

    /// <summary>The ways to reach it.</summary>
    public required IReadOnlyList<ProfileTransport> Transports { get; init; }

    /// <summary>The registers; <see cref="RegisterMap.None"/> for a meter that does not speak Modbus.</summary>
    public required RegisterMap Registers { get; init; }

    /// <summary>The objects of its SNMP agent; null where it has none.</summary>
    public SnmpMap? Snmp { get; init; }

    /// <summary>Its answers over HTTP; null where it gives none.</summary>
    public HttpMap? Http { get; init; }

    /// <summary>Its commands; null where it does not speak SCPI.</summary>
    public ScpiMap? Scpi { get; init; }

    /// <summary>By quantity: what the model can show at all, SI units. A value beyond is flagged.</summary>
    public IReadOnlyDictionary<Quantity, (double From, double To)> Plausible { get; init; } = new Dictionary<Quantity, (double, double)>();

    /// <summary>Below this power, W, the accuracy class promises nothing (least current of the class x nominal voltage); 0 where that is not known.</summary>
    public double MinimumLoadWatts { get; init; }

    /// <summary>The file that it was read from.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, hexadecimal: which description a recorded number was read with.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The transport of a scheme, or null.</summary>
    public ProfileTransport? Transport(string scheme) => Transports.FirstOrDefault(transport => transport.Scheme == scheme);

    /// <summary>The same profile with another register map, for a specimen that is set or built otherwise.</summary>
    internal MeterProfile With(Func<RegisterMap, RegisterMap> change) => this with { Registers = change(Registers) };
}
