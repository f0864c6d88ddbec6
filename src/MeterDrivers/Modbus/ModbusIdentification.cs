using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// Asks a device who it is and how it is set, by the registers that its profile names; where there are none, by a value that it must
/// show. Reads only. Refuses a stranger, and a meter whose settings make its figures mislead.
/// </summary>
/// <param name="uri">The meter's address, for messages.</param>
/// <param name="profile">What it should be.</param>
/// <param name="client">The unit.</param>
/// <param name="acceptSettings">Whether settings that make figures mislead are accepted, because the user says so.</param>
internal sealed class ModbusIdentification(MeterUri uri, MeterProfile profile, ModbusClient client, bool acceptSettings)
{
    /// <summary>Who it is. Throws <see cref="LinkException"/> and <see cref="MeterException"/>.</summary>
    public async Task<MeterIdentity> RunAsync(CancellationToken cancellationToken)
    {
        var map = profile.Registers;
        foreach (var check in map.Identity)
            await CheckAsync(check, $"this is no {profile.Facts.Model}", MeterFailure.WrongDevice, cancellationToken).ConfigureAwait(false);
        if (map.Probe is { } probe)
            await ProbeAsync(probe, cancellationToken).ConfigureAwait(false);
        if (!acceptSettings)
            await CheckSettingsAsync(cancellationToken).ConfigureAwait(false);
        var model = await AskAsync(map.ModelName, cancellationToken).ConfigureAwait(false);
        var serial = await AskAsync(map.Serial, cancellationToken).ConfigureAwait(false);
        var firmware = await AskAsync(map.Firmware, cancellationToken).ConfigureAwait(false);
        return new MeterIdentity(profile.Facts.Vendor, model ?? profile.Facts.Model, serial, firmware);
    }

    /// <summary>Refuses a meter that is set so that its figures mislead. Throws as <see cref="RunAsync"/> does.</summary>
    public async Task CheckSettingsAsync(CancellationToken cancellationToken)
    {
        foreach (var check in profile.Registers.Settings)
            await CheckAsync(check, "it is set so that its figures mislead", MeterFailure.WrongSettings, cancellationToken).ConfigureAwait(false);
    }

    private async Task CheckAsync(RegisterCheck check, string verdict, MeterFailure failure, CancellationToken cancellationToken)
    {
        var place = FormattableString.Invariant($"register 0x{check.Register.Address:X4}");
        var remedy = failure == MeterFailure.WrongSettings ? " To read it as it is, add wrong-settings=accept to the address." : "";
        long value;
        try
        {
            value = check.Register.Encoding.Decode(await ReadAsync(check.Register, cancellationToken).ConfigureAwait(false));
        }
        catch (MeterException e) when (e.Failure == MeterFailure.Refused)
        {
            throw new MeterException(failure, $"{uri}: {verdict}, or nobody can tell: {place} is refused. {check.Meaning}.{remedy}", e);
        }

        if (!check.Accepts(value))
            throw new MeterException(failure, FormattableString.Invariant($"{uri}: {verdict}: {place} holds {value}, where {Words(check)} is right. {check.Meaning}.{remedy}"));
    }

    private async Task ProbeAsync(RegisterProbe probe, CancellationToken cancellationToken)
    {
        var samples = new RawSample[1];
        await new ModbusSource(client, profile, [probe.Field]).SampleAsync(samples, cancellationToken).ConfigureAwait(false);
        var flags = samples[0].Flags & ~(SampleFlags.BelowMinimumLoad | SampleFlags.Implausible);
        var value = probe.Field.Scale.ToValue(samples[0].Code);
        // A plain zero proves nothing: an input without a supply reads so. A wrong map or word order hardly ever gives one.
        if (flags == SampleFlags.None && (value == 0 || (value >= probe.From && value <= probe.To)))
            return;
        var unit = QuantityNames.UnitOf(probe.Field.Quantity);
        throw new MeterException(
            MeterFailure.WrongDevice,
            FormattableString.Invariant($"{uri}: this does not look like a {profile.Facts.Model}: {probe.Field} reads {value:G6} {unit}, where {probe.From:G6} to {probe.To:G6} {unit} is right. Check model and word order."));
    }

    private async Task<string?> AskAsync(IdentityRegister? register, CancellationToken cancellationToken)
    {
        if (register is null)
            return null;
        try
        {
            return register.Format(await ReadAsync(register, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is MeterException { Failure: MeterFailure.Refused } or LinkException { Failure: LinkFailure.TimedOut })
        {
            // Some firmware has no such register; without its name or number the meter is still the one that was asked for.
            return null;
        }
    }

    private async Task<ushort[]> ReadAsync(IdentityRegister register, CancellationToken cancellationToken)
    {
        var registers = new ushort[register.Count];
        var step = register.Singly ? 1 : registers.Length;
        for (var i = 0; i < registers.Length; i += step)
        {
            var part = registers.AsMemory(i, step);
            if (register.Table == RegisterTable.Input)
                await client.ReadInputRegistersAsync((ushort)(register.Address + i), part, cancellationToken).ConfigureAwait(false);
            else
                await client.ReadHoldingRegistersAsync((ushort)(register.Address + i), part, cancellationToken).ConfigureAwait(false);
        }

        return registers;
    }

    private static string Words(RegisterCheck check) => string.Join(" or ", check.Right.Select(range => range.From == range.To
        ? FormattableString.Invariant($"{range.From}")
        : FormattableString.Invariant($"{range.From} to {range.To}")));
}
