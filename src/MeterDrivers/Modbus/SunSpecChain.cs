using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// Finds a model in a SunSpec device (SunSpec Device Information Model Specification): "SunS" at one of a few addresses, then blocks
/// of number, length and data, up to 0xFFFF. Reads only.
/// </summary>
internal static class SunSpecChain
{
    /// <summary>The largest power of ten that a scale factor may hold, either way (type sunssf).</summary>
    public const int LargestExponent = 10;

    private const ushort Common = 1;
    private const ushort End = 0xFFFF;
    private const int MostModels = 64;
    private static readonly ushort[] Mark = [0x5375, 0x6E53];

    /// <summary>
    /// The profile with the addresses, the scale factors and the identity registers of this device. Throws <see cref="LinkException"/>, and
    /// <see cref="MeterException"/> where there is no such chain or no such model in it.
    /// </summary>
    public static async Task<MeterProfile> ResolveAsync(MeterProfile profile, ModbusClient client, string name, CancellationToken cancellationToken)
    {
        var map = profile.Registers;
        var start = await FindStartAsync(map.SunSpec!, client, name, cancellationToken).ConfigureAwait(false);
        var seen = new List<ushort>();
        ushort? common = null;
        for (int block = start + 2; seen.Count < MostModels && block <= 65533;)
        {
            var head = await ReadAsync(client, (ushort)block, 2, cancellationToken).ConfigureAwait(false);
            if (head[0] == End)
                break;
            if (head[0] == Common)
                common = (ushort)block;
            if (head[0] == map.SunSpec!.Model)
            {
                var placed = await PlaceAsync(profile, client, name, (ushort)block, head[1], cancellationToken).ConfigureAwait(false);
                return common is { } who ? placed.With(found => Named(found, who)) : placed;
            }

            seen.Add(head[0]);
            block += 2 + head[1];
        }

        throw new MeterException(
            MeterFailure.WrongDevice,
            $"{name}: the device's SunSpec chain holds no model {map.SunSpec!.Model}, only {string.Join(", ", seen)}. Is there another profile for one of these?");
    }

    private static async Task<ushort> FindStartAsync(SunSpecMap map, ModbusClient client, string name, CancellationToken cancellationToken)
    {
        LinkException? silence = null;
        foreach (var address in map.Bases)
        {
            try
            {
                if ((await ReadAsync(client, address, 2, cancellationToken).ConfigureAwait(false)).AsSpan().SequenceEqual(Mark))
                    return address;
            }
            catch (MeterException e) when (e.Failure == MeterFailure.Refused)
            {
                // No register there: the next address is tried.
            }
            catch (LinkException e) when (e.Failure == LinkFailure.TimedOut)
            {
                // Some devices stay silent where they have no register.
                silence = e;
            }
        }

        if (silence is not null)
            throw new LinkException(silence.Failure, silence.Message, silence);

        throw new MeterException(
            MeterFailure.WrongDevice, $"{name}: there is no SunSpec mark at {string.Join(", ", map.Bases)}. Is SunSpec switched on in the device, and the unit right?");
    }

    private static async Task<MeterProfile> PlaceAsync(
        MeterProfile profile, ModbusClient client, string name, ushort block, ushort length, CancellationToken cancellationToken)
    {
        var end = profile.Registers.Fields.Max(field => Math.Max(field.End, (field.ScaleRegister ?? 0) + 1));
        if (block + 2 + length > 65536 || end > 2 + length)
        {
            throw new MeterException(
                MeterFailure.Protocol, $"{name}: SunSpec model {profile.Registers.SunSpec!.Model} at {block} is {length} registers long, too short for what the model holds.");
        }

        var placed = profile.Registers.At(block);
        var exponents = new Dictionary<ushort, int>();
        foreach (var address in placed.Fields.Where(field => field.ScaleRegister is not null).Select(field => field.ScaleRegister!.Value).Distinct())
        {
            var factor = (short)(await ReadAsync(client, address, 1, cancellationToken).ConfigureAwait(false))[0];
            // "Not implemented", and what no device may say: the values that need it are not available, whatever stands here.
            exponents.Add(address, Math.Abs((int)factor) <= LargestExponent ? factor : 0);
        }

        return profile with
        {
            Registers = placed.Each(field => field.ScaleRegister is { } scale ? field with { Exponent = exponents[scale] } : field) with
            {
                Readable = [(block, block + 1 + length)],
            },
        };
    }

    // Model 1: ID, length, then maker 16, model 16, options 8, version 8 and serial number 16 registers of text.
    private static RegisterMap Named(RegisterMap map, ushort block)
    {
        return map with
        {
            ModelName = Text(18, 16),
            Firmware = Text(42, 8),
            Serial = Text(50, 16),
        };

        IdentityRegister Text(int offset, int registers) => new()
        {
            Table = RegisterTable.Holding,
            Address = (ushort)(block + offset),
            TextRegisters = registers,
        };
    }

    private static async Task<ushort[]> ReadAsync(ModbusClient client, ushort address, int count, CancellationToken cancellationToken)
    {
        var registers = new ushort[count];
        await client.ReadHoldingRegistersAsync(address, registers, cancellationToken).ConfigureAwait(false);
        return registers;
    }
}
