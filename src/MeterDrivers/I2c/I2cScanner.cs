using MeterLab.MeterDrivers.I2c.Ina219;
using MeterLab.MeterDrivers.I2c.Ina226;
using MeterLab.MeterDrivers.Scanning;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>Asks the addresses of shunt monitors on an I2C bus which chip they are. Registers are read; no setting is written.</summary>
internal sealed class I2cScanner(I2cBusPool buses, ScanRequest request, MeterEnvironment environment, int bus)
{
    private const int First = 0x40;
    private const int Last = 0x4F;
    private const byte Configuration = 0x00;

    // Only for the drivers to work with while they identify: none of it is written to a chip.
    private const string SomeShunt = "10mohm";
    private const string SomeCurrent = "1A";

    /// <summary>Asks all addresses. Throws <see cref="LinkException"/> where the bus does not open, hangs, or goes away.</summary>
    public async Task<ScanReport> RunAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var answers = new List<ScanAnswer>();
        for (var address = First; address <= Last; address++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report($"I2C bus {bus}: 0x{address:x2}");
            if (await AskAsync(address, cancellationToken).ConfigureAwait(false) is { } answer)
                answers.Add(answer);
        }

        IReadOnlyList<string> notes = answers.Count > 0 ? [] : [$"nothing answered at 0x{First:x2} to 0x{Last:x2}: check supply, wiring, pull-ups and the bus number"];
        return new ScanReport(answers, Last - First + 1, notes);
    }

    private async Task<ScanAnswer?> AskAsync(int address, CancellationToken cancellationToken)
    {
        var candidates = new List<ScanCandidate>();
        ushort configuration;
        try
        {
            using (var registers = Open(address, littleEndian: false))
                configuration = registers.ReadUInt16(Configuration);
            foreach (var chip in ShuntChips.All)
            {
                if (await TryAsync(chip, address, configuration, cancellationToken).ConfigureAwait(false) is { } candidate)
                    candidates.Add(candidate);
            }
        }
        catch (LinkException e) when (e.Failure == LinkFailure.Unreachable)
        {
            return null;
        }

        if (candidates.Any(candidate => candidate.Certainty == ScanCertainty.Identified))
            candidates.RemoveAll(candidate => candidate.Certainty != ScanCertainty.Identified);
        List<string> notes = candidates.Count switch
        {
            0 => [$"it answers, but is no shunt monitor that is known (register 0x00 holds 0x{configuration:X4})"],
            1 => [],
            _ => ["these models have no register that tells them apart; the chip's marking decides"],
        };
        if (KernelClaim.Of(environment.I2cDirectory, bus, address) is { } claim)
        {
            notes.Add($"it belongs to the kernel's driver {claim.Driver}, and is read through that");
            candidates = [.. candidates.Select(candidate => candidate with { Uri = claim.Uri })];
        }

        return new ScanAnswer($"0x{address:x2}", [.. candidates.OrderBy(candidate => candidate.Certainty)], notes);
    }

    private async Task<ScanCandidate?> TryAsync(ShuntChip chip, int address, ushort configuration, CancellationToken cancellationToken)
    {
        var place = request.Place.At($"/0x{address:x2}").With("model", chip.Model);
        var external = chip.Options.Contains("shunt");
        var probe = external ? place.With("shunt", SomeShunt).With("max-current", SomeCurrent) : Channels(chip, place, SomeShunt, SomeCurrent);
        var create = chip.Prepare(probe, new MeterContext("scan", environment));
        var meter = create(Open(address, chip.LittleEndian));
        await using (meter.ConfigureAwait(false))
        {
            MeterIdentity identity;
            try
            {
                identity = await meter.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (MeterException)
            {
                return null;
            }

            var named = identity.Model is not null;
            if (!named && !Fits(chip, configuration))
                return null;
            List<string> why =
            [
                named ? "it names itself in its identity registers"
                    : $"it names no model, and register 0x00 holds 0x{configuration:X4}, which a configuration of this model can be",
            ];
            var uri = external ? place.With("shunt", "SHUNT").With("max-current", "CURRENT") : Channels(chip, place, "SHUNT", "CURRENT");
            if (uri.Option("max-current") is not null)
                why.Add("put the shunt's resistance and the largest current into the address; no chip knows them");
            return new ScanCandidate(uri.ToString(), chip.Model, named ? ScanCertainty.Identified : ScanCertainty.Possible, why) { Identity = identity };
        }
    }

    // A chip with a shunt for each of several channels.
    private static MeterUri Channels(ShuntChip chip, MeterUri uri, string shunt, string current)
    {
        foreach (var option in chip.Options.Where(option => option.StartsWith("shunt", StringComparison.Ordinal) && char.IsAsciiDigit(option[^1])))
            uri = uri.With(option, shunt);
        return chip.Options.Contains("max-current") ? uri.With("max-current", current) : uri;
    }

    // Bits 14 to 12 of the later chips' configuration read 100 or, with their range bit, 101; in the older ones bits 15 and 14 stay 0.
    private static bool Fits(ShuntChip chip, ushort configuration) =>
        Ina219Family.Chips.Contains(chip) ? configuration is not 0 && configuration >> 14 == 0
        : !Ina226Family.Chips.Contains(chip) || configuration >> 13 == 0b010;

    private I2cRegisters Open(int address, bool littleEndian) => buses.OpenToLook(environment, bus, address, littleEndian);
}
