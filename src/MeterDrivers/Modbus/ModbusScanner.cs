using System.Globalization;

using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.MeterDrivers.Scanning;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// Asks the units of a Modbus wire what they are, by reading alone: first the models that have a register for it, and where none of them fits all
/// others, whose whole map must then read as a meter's.
/// </summary>
internal sealed class ModbusScanner
{
    /// <summary>The longest that one unit is asked about its model; a device that is silent about every register that it lacks takes a deadline for each.</summary>
    internal static readonly TimeSpan UnitLimit = TimeSpan.FromSeconds(90);

    private const int MostUnits = 248;
    private const int MostCandidates = 12;
    private const int NoPath = 10;
    private const int NoAnswerBehindGateway = 11;

    // Cheap meters need a rest between two requests, and which this is nobody knows yet.
    private static readonly TimeSpan SerialGap = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SerialTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(1);

    private readonly ModbusBus _bus;
    private readonly ScanRequest _request;
    private readonly MeterEnvironment _environment;
    private readonly MeterProfile[] _profiles;
    private readonly TimeSpan _timeout;
    private int _garbled;

    /// <summary>Takes an open bus.</summary>
    public ModbusScanner(ModbusBus bus, ScanRequest request, MeterEnvironment environment)
    {
        if (request.FirstUnit < 1 || request.LastUnit < request.FirstUnit || request.LastUnit > MostUnits)
            throw request.Place.Error($"units {request.FirstUnit} to {request.LastUnit} cannot be asked; 1 to {MostUnits} are possible, the lower first");
        _bus = bus;
        _request = request;
        _environment = environment;
        _timeout = request.Timeout ?? (bus.Line is null ? NetworkTimeout : SerialTimeout);
        _profiles = [.. new ProfileLibrary(environment.ProfileDirectory).All().Where(profile => profile.Transport(request.Place.Scheme) is not null && profile.Registers.Fields.Count > 0)];
    }

    /// <summary>Asks all units. Throws <see cref="LinkException"/> where the wire goes away and does not come back.</summary>
    public async Task<ScanReport> RunAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var answers = new List<ScanAnswer>();
        for (var unit = _request.FirstUnit; unit <= _request.LastUnit; unit++)
        {
            progress?.Report($"{_bus.Name}: unit {unit} of {_request.FirstUnit} to {_request.LastUnit}");
            if (!await AnswersAsync((byte)unit, cancellationToken).ConfigureAwait(false))
                continue;
            progress?.Report($"{_bus.Name}: unit {unit} answers; trying {_profiles.Length} models");
            answers.Add(await RecogniseAsync((byte)unit, cancellationToken).ConfigureAwait(false));
        }

        List<string> notes = [];
        if (_garbled > 0)
            notes.Add($"{_garbled} answers were garbled: check baud rate, parity, wiring and termination, and that no other master talks on this line");
        else if (answers.Count == 0)
            notes.Add("nothing answered: other units (--units), on a serial line another baud rate or parity, wires A and B exchanged, or no supply");
        return new ScanReport(answers, _request.LastUnit - _request.FirstUnit + 1, notes);
    }

    // Any answer of the unit itself, a refusal too, shows that it is there; a gateway's refusal shows that it is not.
    private async Task<bool> AnswersAsync(byte unit, CancellationToken cancellationToken)
    {
        var client = Client(unit, TimeSpan.Zero);
        foreach (var table in new[] { RegisterTable.Input, RegisterTable.Holding })
        {
            var generation = _bus.Generation;
            try
            {
                await client.ReadAsync(new[] { new ModbusRead(table, 0, 2) }, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (MeterException e)
            {
                if (e.Failure == MeterFailure.Refused && e.Code is not (NoPath or NoAnswerBehindGateway))
                    return true;
            }
            catch (LinkException e) when (e.Failure is LinkFailure.TimedOut or LinkFailure.Corrupt)
            {
                _garbled += e.Failure == LinkFailure.Corrupt ? 1 : 0;
            }
            catch (LinkException e) when (e.Failure == LinkFailure.Closed)
            {
                // Some devices hang up on a unit that they are not.
                await _bus.ReopenAsync(generation, cancellationToken).ConfigureAwait(false);
            }
        }

        return false;
    }

    private async Task<ScanAnswer> RecogniseAsync(byte unit, CancellationToken cancellationToken)
    {
        var started = _environment.Time.GetTimestamp();
        var found = new List<(ScanCandidate Candidate, int Weight)>();
        var untried = 0;
        var silentChain = false;
        foreach (var profile in _profiles.OrderBy(profile => profile.Registers.Identity.Count == 0))
        {
            var named = profile.Registers.Identity.Count > 0;
            if (!named && found.Any(entry => entry.Candidate.Certainty == ScanCertainty.Identified))
                break;
            if (_environment.Time.GetElapsedTime(started) > UnitLimit)
                untried++;
            else if (profile.Registers.SunSpec is null || !silentChain)
            {
                var (candidate, weight, silent) = await TryAsync(profile, unit, cancellationToken).ConfigureAwait(false);
                silentChain |= silent && profile.Registers.SunSpec is not null;
                if (candidate is not null)
                    found.Add((candidate, weight));
            }
        }

        // What a supply's voltage and frequency speak for leaves out what only does not contradict.
        if (found.Any(entry => entry.Candidate.Certainty < ScanCertainty.Possible))
            found.RemoveAll(entry => entry.Candidate.Certainty == ScanCertainty.Possible);
        var candidates = found.OrderBy(entry => entry.Candidate.Certainty).ThenByDescending(entry => entry.Weight)
            .ThenBy(entry => entry.Candidate.Model, StringComparer.Ordinal).Select(entry => entry.Candidate).ToList();
        return new ScanAnswer($"unit {unit}", [.. candidates.Take(MostCandidates)], NotesOn(candidates, untried));
    }

    private static List<string> NotesOn(List<ScanCandidate> candidates, int untried)
    {
        List<string> notes = [];
        if (candidates.Count == 0)
            notes.Add("it answers, but no model fits: it is none of these, or it has no supply and all its values are zero");
        else if (candidates.Count > 1)
            notes.Add("several models would read so; the plate decides");
        if (candidates.Count > MostCandidates)
            notes.Add($"{candidates.Count - MostCandidates} less likely models are left out");
        if (untried > 0)
            notes.Add($"{untried} models were not tried, because it took too long");
        return notes;
    }

    private async Task<(ScanCandidate? Candidate, int Weight, bool Silent)> TryAsync(MeterProfile profile, byte unit, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{_request.Place.Path}/{unit}");
        var uri = WithLine(_request.Place.At(path).With("model", profile.Facts.Model), profile.Transport(_request.Place.Scheme)!.Line);
        var client = Client(unit, profile.Registers.MinimumGap);
        var generation = _bus.Generation;
        try
        {
            if (profile.Registers.SunSpec is not null)
                profile = await SunSpecChain.ResolveAsync(profile, client, uri.ToString(), cancellationToken).ConfigureAwait(false);
            var identification = new ModbusIdentification(uri, profile, client, acceptSettings: true);
            var identity = await identification.RunAsync(cancellationToken).ConfigureAwait(false);
            var named = profile.Registers.Identity.Count > 0 || profile.Registers.SunSpec is not null;
            var (evidence, words) = await JudgeAsync(uri, profile, client, cancellationToken).ConfigureAwait(false);
            if (evidence is null && !named)
                return (null, 0, false);
            List<string> why = [named ? NameOf(profile) : "it has no register that names it", words];
            if (await WrongSettingsAsync(identification, cancellationToken).ConfigureAwait(false) is { } wrong)
                why.Add(wrong);
            var certainty = named ? ScanCertainty.Identified : evidence!.Certainty;
            return (new ScanCandidate(uri.ToString(), profile.Facts.Model, certainty, why) { Identity = identity }, evidence?.Weight ?? 0, false);
        }
        catch (MeterException)
        {
            return (null, 0, false);
        }
        catch (LinkException e) when (e.Failure is LinkFailure.TimedOut or LinkFailure.Corrupt)
        {
            return (null, 0, e.Failure == LinkFailure.TimedOut);
        }
        catch (LinkException e) when (e.Failure == LinkFailure.Closed)
        {
            await _bus.ReopenAsync(generation, cancellationToken).ConfigureAwait(false);
            return (null, 0, false);
        }
    }

    private async Task<(ScanEvidence? Evidence, string Words)> JudgeAsync(MeterUri uri, MeterProfile profile, ModbusClient client, CancellationToken cancellationToken)
    {
        var options = new ModbusMeterOptions(_timeout, 0, 1, AcceptSettings: true);
        var meter = new ModbusMeter(uri, "scan", profile, client, options, _environment, NoLease.Instance);
        try
        {
            var evidence = ScanEvidence.Of(await meter.ReadAsync(cancellationToken).ConfigureAwait(false));
            return (evidence, evidence?.Words ?? "but its values are all zero, or no supply's");
        }
        catch (MeterException e)
        {
            return (null, $"but it does not serve all values of the model: {e.Message}");
        }
    }

    private static async Task<string?> WrongSettingsAsync(ModbusIdentification identification, CancellationToken cancellationToken)
    {
        try
        {
            await identification.CheckSettingsAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (MeterException e)
        {
            return e.Message;
        }
    }

    private static string NameOf(MeterProfile profile) => profile.Registers.SunSpec is { } chain
        ? $"its SunSpec chain holds model {chain.Model}"
        : string.Join(" and ", profile.Registers.Identity.Select(check => FormattableString.Invariant($"register 0x{check.Register.Address:X4} names it")));

    // Where this line is set otherwise than the maker ships the model, the address must say so.
    private MeterUri WithLine(MeterUri uri, SerialSettings? shipped)
    {
        if (shipped is null || _bus.Line is not { } line)
            return uri;
        if (line.Baud != shipped.Baud)
            uri = uri.With("baud", line.Baud.ToString(CultureInfo.InvariantCulture));
        if (line.Parity != shipped.Parity)
            uri = uri.With("parity", line.Parity.ToString().ToLowerInvariant());
        return line.StopBits == shipped.StopBits ? uri : uri.With("stop-bits", line.StopBits.ToString(CultureInfo.InvariantCulture));
    }

    private ModbusClient Client(byte unit, TimeSpan gap) =>
        new(_bus, unit, _timeout, _bus.Line is null || gap > SerialGap ? gap : SerialGap);

    // The scan holds the bus; the meters that it tries do not.
    private sealed class NoLease : IAsyncDisposable
    {
        public static NoLease Instance { get; } = new();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
