using System.Globalization;

using MeterLab.MeterDrivers.Profiles;
using MeterLab.MeterDrivers.Settings;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>Reads and writes registers that hold settings.</summary>
internal static class ModbusSettings
{
    /// <summary>What a setting's register holds, as text. Throws as the client does.</summary>
    public static async Task<string> ReadAsync(ModbusClient client, SettingRule rule, CancellationToken cancellationToken)
    {
        var place = rule.Register ?? throw Misplaced(rule);
        var registers = new ushort[place.Encoding.Registers];
        if (place.Table == RegisterTable.Input)
            await client.ReadInputRegistersAsync(place.Address, registers, cancellationToken).ConfigureAwait(false);
        else
            await client.ReadHoldingRegistersAsync(place.Address, registers, cancellationToken).ConfigureAwait(false);
        var code = place.Encoding.Decode(registers);
        return place.Encoding.IsFloat
            ? place.Encoding.Scale(1).ToValue(code).ToString("R", CultureInfo.InvariantCulture)
            : code.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Writes what is wanted, all its registers in one request. Throws as the client does.</summary>
    public static async Task WriteAsync(ModbusClient client, SettingRule rule, CancellationToken cancellationToken)
    {
        var place = rule.Register ?? throw Misplaced(rule);
        var value = double.Parse(rule.Want!, NumberStyles.Float, CultureInfo.InvariantCulture);
        var code = place.Encoding.Type switch
        {
            RegisterType.F32 => BitConverter.SingleToInt32Bits((float)value),
            RegisterType.F64 => BitConverter.DoubleToInt64Bits(value),
            _ => checked((long)value),
        };
        var registers = new ushort[place.Encoding.Registers];
        place.Encoding.Encode(code, registers);
        if (place.WriteFunction == 6 && registers.Length == 1)
            await client.WriteSingleRegisterAsync(place.Address, registers[0], cancellationToken).ConfigureAwait(false);
        else
            await client.WriteMultipleRegistersAsync(place.Address, registers, cancellationToken).ConfigureAwait(false);
    }

    private static ArgumentException Misplaced(SettingRule rule) => new($"The setting '{rule.Name}' is not in a register.", nameof(rule));
}
