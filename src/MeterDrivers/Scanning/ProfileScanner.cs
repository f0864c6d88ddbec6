using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Scanning;

/// <summary>
/// Looks what a host is that speaks SCPI, HTTP or SNMP, by opening it as each model in turn and reading it. Opening asks and never sets: instruments get
/// queries, plugs GET requests, agents GET requests.
/// </summary>
/// <param name="opener">Opens one wire's meters.</param>
/// <param name="request">Where.</param>
/// <param name="environment">Clocks and profiles.</param>
/// <param name="profiles">The models of this wire.</param>
/// <param name="namesItself">Whether opening refuses a device that does not name itself as the model, or has another vendor's values.</param>
internal sealed class ProfileScanner(IMeterOpener opener, ScanRequest request, MeterEnvironment environment, IReadOnlyList<MeterProfile> profiles, bool namesItself)
{
    private readonly HashSet<int> _silentPorts = [];
    private LinkException? _silence;

    /// <summary>Tries all models of this wire. Throws <see cref="LinkException"/> where none of their ports answers.</summary>
    public async Task<ScanReport> RunAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var place = request.Place;
        if (place.Model is not null)
            throw place.Error("a scan finds the model; leave it out");
        var candidates = new List<ScanCandidate>();
        foreach (var profile in profiles)
        {
            progress?.Report($"{place.Host}{place.Path}: {profile.Facts.Model}");
            if (await TryAsync(profile, cancellationToken).ConfigureAwait(false) is { } candidate)
                candidates.Add(candidate);
        }

        if (candidates.Count == 0 && _silence is not null && profiles.All(profile => _silentPorts.Contains(PortOf(profile))))
            throw new LinkException(_silence.Failure, _silence.Message, _silence);
        string[] notes = candidates.Count > 0 ? [] : ["it answers, but no model fits"];
        return new ScanReport([new ScanAnswer(place.ToString(), [.. candidates.OrderBy(candidate => candidate.Certainty)], notes)], profiles.Count, []);
    }

    private int PortOf(MeterProfile profile) => request.Place.Port ?? profile.Transport(request.Place.Scheme)!.Port ?? 0;

    private async Task<ScanCandidate?> TryAsync(MeterProfile profile, CancellationToken cancellationToken)
    {
        var model = profile.Facts.Model;
        if (_silentPorts.Contains(PortOf(profile)))
            return null;
        var uri = request.Place.With("model", model);
        var asked = request.Timeout is { } timeout ? uri.With("timeout", FormattableString.Invariant($"{timeout.TotalMilliseconds:0}ms")) : uri;
        try
        {
            var meter = await opener.OpenAsync(asked, "scan", environment, cancellationToken).ConfigureAwait(false);
            await using (meter.ConfigureAwait(false))
            {
                var identity = await meter.IdentifyAsync(cancellationToken).ConfigureAwait(false);
                var readings = await meter.ReadAsync(cancellationToken).ConfigureAwait(false);
                var evidence = ScanEvidence.Of(readings);
                List<string> why = [namesItself ? "it names itself, or has values that only this vendor has" : "it answers as this model does"];
                why.Add(evidence?.Words ?? "its values are all zero, or no supply's");
                return new ScanCandidate(uri.ToString(), model, namesItself ? ScanCertainty.Identified : evidence?.Certainty ?? ScanCertainty.Possible, why) { Identity = identity };
            }
        }
        catch (MeterException e)
        {
            // The right instrument, but set so that it gives no power: worth a line, with what to do about it.
            return namesItself && e.Failure is MeterFailure.Protocol or MeterFailure.WrongSettings && request.Place.Scheme.StartsWith("scpi", StringComparison.Ordinal)
                ? new ScanCandidate(uri.ToString(), model, ScanCertainty.Identified, ["it names itself", e.Message])
                : null;
        }
        catch (LinkException e)
        {
            // Where one model's question is not answered another's may be; where nobody listens, no question will be.
            if (e.Failure is LinkFailure.Unreachable or LinkFailure.Denied or LinkFailure.Busy || (e.Failure == LinkFailure.TimedOut && request.Place.Scheme == "snmp"))
                _silentPorts.Add(PortOf(profile));
            _silence ??= e;
            return null;
        }
    }
}
