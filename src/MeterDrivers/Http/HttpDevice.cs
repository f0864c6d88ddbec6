using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Http;

/// <summary>
/// A device whose JSON a profile describes. Which of the profile's values it has is asked when it is opened: one firmware serves plugs
/// with one and with four switches.
/// </summary>
internal sealed class HttpDevice : IFieldDevice
{
    private readonly HttpClientLink _link;
    private readonly HttpMap _map;
    private readonly List<HttpPlace> _places = [];

    /// <summary>Takes a device that was not asked yet.</summary>
    public HttpDevice(MeterProfile profile, HttpClientLink link)
    {
        (_link, Facts) = (link, profile.Facts);
        _map = profile.Http!;
    }

    /// <inheritdoc/>
    public IReadOnlyList<MeasuredField> Fields { get; private set; } = [];

    /// <inheritdoc/>
    public MeterFacts Facts { get; }

    /// <summary>The profile's places that this device has, in the order of <see cref="MeasuredField.Index"/>.</summary>
    public IReadOnlyList<HttpPlace> Places => _places;

    /// <summary>
    /// Asks for everything that the profile names and keeps what is there. Throws <see cref="LinkException"/>, and <see cref="MeterException"/> for a
    /// device that shows no power.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var found = await ProbeAsync(HttpPlace.Of(_map), cancellationToken).ConfigureAwait(false);
        if (!found.Any(place => place.Field.Value.Quantity == Quantity.ActivePower))
        {
            throw new MeterException(
                MeterFailure.WrongDevice, $"{_link.Name}: this device shows no power where a {Facts.Model} has it. Is the model right, and does the device have a meter at all?");
        }

        var names = ChannelNames.Of([.. found.Select(place => (place.Field.Value, place.N))]);
        var fields = new List<MeasuredField>();
        for (var i = 0; i < found.Count; i++)
        {
            if (names[i] is not { } name)
                continue;
            var value = found[i].Field.Value;
            fields.Add(new MeasuredField(name, value.Quantity, new Float64Scale(value.SiPerCount), _places.Count, value.Wrap));
            _places.Add(found[i]);
        }

        Fields = fields;
    }

    /// <inheritdoc/>
    public async Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        if (_map.Identity is not { } identity
            || await _link.GetAsync(identity.Get, optional: true, cancellationToken).ConfigureAwait(false) is not { } reply)
        {
            return new MeterIdentity(Facts.Vendor, Facts.Model);
        }

        using var json = JsonReply.Read(reply.Body);
        return new MeterIdentity(Facts.Vendor, Text("model") ?? Facts.Model, Text("serial"), Text("firmware"));

        string? Text(string key) => identity.Paths.TryGetValue(key, out var path) ? json?.Text(JsonPath.Parse(path)) : null;
    }

    /// <inheritdoc/>
    public IPolledSource Source(IReadOnlyList<MeasuredField> fields) => new HttpSource(this, _link, fields);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _link.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<List<HttpPlace>> ProbeAsync(IReadOnlyList<HttpPlace> wanted, CancellationToken cancellationToken)
    {
        var there = new HashSet<HttpPlace>();
        var absent = new HashSet<string>();
        foreach (var group in wanted.GroupBy(place => place.Get))
        {
            // Components are numbered without a hole: behind the first that is missing there is none.
            var pattern = group.First().Field.Get;
            if (absent.Contains(pattern))
                continue;
            if (await _link.GetAsync(group.Key, optional: true, cancellationToken).ConfigureAwait(false) is not { } reply)
            {
                absent.Add(pattern);
                continue;
            }

            using var json = JsonReply.Read(reply.Body)
                ?? throw new MeterException(MeterFailure.Protocol, $"{_link.Name}{group.Key}: the answer is not JSON. Is it the device that the model names?");
            foreach (var place in group.Where(place => json.Has(place.Path) && place.IsOf(json)))
                there.Add(place);
        }

        return [.. wanted.Where(there.Contains)];
    }
}
