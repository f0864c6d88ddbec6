using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Snmp;

/// <summary>
/// An agent whose values a profile names. Which of them it has is asked when it is opened: rack units come with 4 to 54 outlets, and with
/// or without a meter at each.
/// </summary>
internal sealed class SnmpDevice : IFieldDevice
{
    private const int MostDigits = 9;
    private static readonly SnmpOid Description = SnmpOid.Parse("1.3.6.1.2.1.1.1.0");

    private readonly SnmpClient _client;
    private readonly SnmpMap _map;
    private readonly SnmpOptions _options;
    private readonly List<SnmpPlace> _places = [];

    /// <summary>Takes an agent that was not asked yet.</summary>
    public SnmpDevice(MeterProfile profile, SnmpClient client, SnmpOptions options)
    {
        (_client, _options, Facts) = (client, options, profile.Facts);
        _map = profile.Snmp!;
    }

    /// <inheritdoc/>
    public IReadOnlyList<MeasuredField> Fields { get; private set; } = [];

    /// <inheritdoc/>
    public MeterFacts Facts { get; }

    /// <summary>The profile's objects that this agent has, in the order of <see cref="MeasuredField.Index"/>.</summary>
    public IReadOnlyList<SnmpPlace> Places => _places;

    /// <summary>
    /// Asks for everything that the profile names and keeps what is there. Throws <see cref="LinkException"/>, and <see cref="MeterException"/> for an
    /// agent that has no power of this model.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var wanted = SnmpPlace.Of(_map, _options.Unit);
        var values = await ProbeAsync([.. wanted.Select(place => place.Oid)], cancellationToken).ConfigureAwait(false);
        var found = wanted.Where((place, i) => IsThere(place, values[i])).ToArray();
        if (!found.Any(place => place.Field.Value.Quantity == Quantity.ActivePower))
        {
            throw new MeterException(
                MeterFailure.WrongDevice,
                $"{_client.Name}: this agent has no power where a {Facts.Model} has it. Is the model right, the unit of the chain ({_options.Unit}), and may this community see it?");
        }

        var scales = await ScalesAsync(found, cancellationToken).ConfigureAwait(false);
        var names = ChannelNames.Of([.. found.Select(place => (place.Field.Value, place.N))]);
        var fields = new List<MeasuredField>();
        for (var i = 0; i < found.Length; i++)
        {
            if (names[i] is not { } name)
                continue;
            var value = found[i].Field.Value;
            fields.Add(new MeasuredField(name, value.Quantity, new LinearScale(scales[i]), _places.Count, value.Wrap));
            _places.Add(found[i]);
        }

        Fields = fields;
    }

    /// <inheritdoc/>
    public async Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var keys = _map.Identity.Keys.ToArray();
        SnmpOid[] objects = [Description, .. keys.Select(key => SnmpOid.Parse(ValueField.Fill(_map.Identity[key], 1, _options.Unit)))];
        var values = await ProbeAsync(objects, cancellationToken).ConfigureAwait(false);
        return new MeterIdentity(Facts.Vendor, Text("model") ?? Facts.Model, Text("serial"), Text("firmware") ?? Filled(values[0].Text));

        string? Text(string key) => Array.IndexOf(keys, key) is >= 0 and var i ? Filled(values[i + 1].Text) : null;
        static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <inheritdoc/>
    public IPolledSource Source(IReadOnlyList<MeasuredField> fields) => new SnmpSource(this, _client, _options, _map, fields);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static bool IsThere(SnmpPlace place, SnmpValue value) =>
        value.Kind == SnmpKind.Number && !place.Field.Value.NotAvailable.Contains(value.Number);

    // What one count is in SI units, the agent's own decimal digits taken into account.
    private async Task<double[]> ScalesAsync(SnmpPlace[] places, CancellationToken cancellationToken)
    {
        SnmpOid[] objects = [.. places.Select(place => place.Digits).OfType<SnmpOid>()];
        var answers = await ProbeAsync(objects, cancellationToken).ConfigureAwait(false);
        var scales = new double[places.Length];
        var next = 0;
        for (var i = 0; i < places.Length; i++)
        {
            var scale = places[i].Field.Value.SiPerCount;
            if (places[i].Digits is not null)
                scale *= Math.Pow(10, -DigitsOf(places[i], answers[next++]));
            scales[i] = scale;
        }

        return scales;
    }

    private int DigitsOf(SnmpPlace place, SnmpValue answer) => answer switch
    {
        { Kind: SnmpKind.Number, Number: >= 0 and <= MostDigits } => (int)answer.Number,
        { Kind: SnmpKind.Absent } when place.Field.DigitsOtherwise is { } digits => digits,
        _ => throw new MeterException(
            MeterFailure.Protocol, $"{_client.Name}: the agent does not tell how many decimal digits {place.Oid} has ({place.Digits}); without them a value could be off by powers of ten."),
    };

    // Everything asked once, in requests that the agent can take. What it does not have is Absent, in version 1 too, where a whole
    // request fails for one object that is missing, and is repeated without it.
    private async Task<SnmpValue[]> ProbeAsync(SnmpOid[] objects, CancellationToken cancellationToken)
    {
        var values = new SnmpValue[objects.Length];
        Array.Fill(values, new SnmpValue(SnmpKind.Absent));
        var left = new List<int>(Enumerable.Range(0, objects.Length));
        while (left.Count > 0)
        {
            var part = left.Take(_map.MaxObjects).ToList();
            left.RemoveRange(0, part.Count);
            while (part.Count > 0)
            {
                var request = new SnmpRequest(_options.Version, _options.Community, [.. part.Select(i => objects[i])], texts: true);
                var answers = new SnmpValue[part.Count];
                var (accepted, _, _) = await _client.GetAsync(request, answers, _options.Timeout, cancellationToken).ConfigureAwait(false);
                if (accepted)
                {
                    for (var i = 0; i < part.Count; i++)
                        values[part[i]] = answers[i];
                    break;
                }

                if (request is not { ErrorStatus: 2, ErrorIndex: >= 1 })
                    throw Refusal(request);
                part.RemoveAt(request.ErrorIndex - 1);
            }
        }

        return values;
    }

    /// <summary>What to throw about a request that the agent refused.</summary>
    internal MeterException Refusal(SnmpRequest request)
    {
        var at = request.ErrorIndex > 0 ? $" at {request.Objects[request.ErrorIndex - 1]}" : "";
        var words = request.ErrorStatus switch
        {
            1 => "the answer would be too big",
            2 => "there is no such object",
            5 => "a general failure",
            16 => "this community may not read it",
            var other => $"error {other}",
        };
        return new MeterException(MeterFailure.Refused, $"{_client.Name}: the agent refused{at}: {words}.");
    }
}
