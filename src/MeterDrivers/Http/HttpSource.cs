using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;

namespace MeterLab.MeterDrivers.Http;

/// <summary>
/// Reads some values of a device, each request once; each sample carries the bracket of its own request. Unlike the binary families this one
/// allocates: the HTTP stack does, some kilobytes a question to devices that are asked a few times a second.
/// </summary>
internal sealed class HttpSource : IPolledSource
{
    private readonly HttpClientLink _link;
    private readonly (string Get, (HttpPlace Place, int Index)[] Places)[] _requests;

    /// <summary>Prepares to read these fields.</summary>
    public HttpSource(HttpDevice device, HttpClientLink link, IReadOnlyList<MeasuredField> fields)
    {
        _link = link;
        _requests = [.. fields.Select((measured, index) => (Place: device.Places[measured.Index], index))
            .GroupBy(item => item.Place.Get)
            .Select(group => (group.Key, group.ToArray()))];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SampleAsync(Memory<RawSample> samples, CancellationToken cancellationToken)
    {
        foreach (var (get, places) in _requests)
        {
            var reply = await _link.GetAsync(get, optional: false, cancellationToken).ConfigureAwait(false) ?? default;
            using var json = JsonReply.Read(reply.Body)
                ?? throw new LinkException(LinkFailure.Corrupt, $"{_link.Name}{get}: the answer is not whole JSON.");
            foreach (var (place, index) in places)
            {
                if (!place.IsOf(json))
                    throw new MeterException(MeterFailure.Protocol, $"{_link.Name}{get}: the answer is of another component than the one that was asked for.");
                var (code, flags) = json.Number(place.Path, place.Field.Value.NotAvailable);
                samples.Span[index] = new RawSample(reply.BeforeNs, reply.AfterNs, 0, code, flags);
            }
        }

        return true;
    }

    /// <summary>Nothing to do: the next question makes its own connection.</summary>
    public ValueTask ReopenAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
