using System.Runtime.CompilerServices;

using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Snmp;

/// <summary>Reads some objects of an agent, in as few requests as it allows; each sample carries the bracket of its own request.</summary>
internal sealed class SnmpSource : IPolledSource
{
    private readonly SnmpDevice _device;
    private readonly SnmpClient _client;
    private readonly TimeSpan _timeout;
    private readonly SnmpPlace[] _places;
    private readonly SnmpRequest[] _requests;
    private readonly SnmpValue[] _values;
    private readonly int _perRequest;

    /// <summary>Prepares to read these fields.</summary>
    public SnmpSource(SnmpDevice device, SnmpClient client, SnmpOptions options, SnmpMap map, IReadOnlyList<MeasuredField> fields)
    {
        (_device, _client, _timeout, _perRequest) = (device, client, options.Timeout, map.MaxObjects);
        _places = [.. fields.Select(field => device.Places[field.Index])];
        _requests = [.. _places.Select(place => place.Oid).Chunk(map.MaxObjects).Select(part => new SnmpRequest(options.Version, options.Community, part))];
        _values = new SnmpValue[map.MaxObjects];
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SampleAsync(Memory<RawSample> samples, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _requests.Length; i++)
        {
            var request = _requests[i];
            var (accepted, before, after) = await _client.GetAsync(request, _values, _timeout, cancellationToken).ConfigureAwait(false);
            if (!accepted)
                throw _device.Refusal(request);
            for (var j = 0; j < request.Objects.Count; j++)
            {
                var place = i * _perRequest + j;
                var value = _values[j];
                samples.Span[place] = new RawSample(before, after, 0, value.Number, FlagsOf(_places[place], value));
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public ValueTask ReopenAsync(CancellationToken cancellationToken) => _client.OpenAsync(cancellationToken);

    private static SampleFlags FlagsOf(SnmpPlace place, SnmpValue value)
    {
        if (value.Kind == SnmpKind.Other)
            return SampleFlags.Overflow;
        if (value.Kind != SnmpKind.Number)
            return SampleFlags.NotAvailable;
        var none = place.Field.Value.NotAvailable;
        for (var i = 0; i < none.Count; i++)
        {
            if (none[i] == value.Number)
                return SampleFlags.NotAvailable;
        }

        return SampleFlags.None;
    }
}
