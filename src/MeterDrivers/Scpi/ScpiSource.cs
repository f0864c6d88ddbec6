using System.Runtime.CompilerServices;
using System.Text;

using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;

namespace MeterLab.MeterDrivers.Scpi;

/// <summary>Reads an instrument's list of values in one question, so that all are of one moment.</summary>
internal sealed class ScpiSource : IPolledSource
{
    private readonly ScpiDevice _device;
    private readonly ScpiLine _line;
    private readonly byte[] _question;
    private readonly int[] _places;
    private readonly IReadOnlyList<double>[] _notAvailable;
    private readonly FieldCode[] _codes;

    /// <summary>Prepares to read these fields.</summary>
    public ScpiSource(ScpiDevice device, ScpiLine line, IReadOnlyList<MeasuredField> fields)
    {
        (_device, _line) = (device, line);
        var map = device.Map;
        if (map.Asked)
        {
            // Only what is wanted is asked: the answer's places are those of the questions.
            _question = Encoding.ASCII.GetBytes(string.Join(';', fields.Select(field => map.Fields[field.Index].Items[0]).Prepend(map.Values)));
            _places = [.. Enumerable.Range(0, fields.Count)];
        }
        else
        {
            _question = Encoding.ASCII.GetBytes(map.Values);
            _places = [.. fields.Select(field => field.Index)];
        }

        _codes = new FieldCode[map.Asked ? fields.Count : device.ListLength];
        _notAvailable = new IReadOnlyList<double>[_codes.Length];
        Array.Fill(_notAvailable, []);
        for (var i = 0; i < fields.Count; i++)
            _notAvailable[_places[i]] = map.Fields.First(row => row.Value.Channel == fields[i].Channel && row.Value.Quantity == fields[i].Quantity).Value.NotAvailable;
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SampleAsync(Memory<RawSample> samples, CancellationToken cancellationToken)
    {
        var (line, before, after) = await _line.AskAsync(_question, cancellationToken).ConfigureAwait(false);
        if (!ScpiList.TryRead(line.Span, _device.Map.Separator, _notAvailable, _codes))
            throw Unreadable(line.Span);
        for (var i = 0; i < _places.Length; i++)
        {
            var (code, flags) = _codes[_places[i]];
            samples.Span[i] = new RawSample(before, after, 0, code, flags);
        }

        return true;
    }

    /// <inheritdoc/>
    public ValueTask ReopenAsync(CancellationToken cancellationToken) => _device.ReopenAsync(cancellationToken);

    private MeterException Unreadable(ReadOnlySpan<byte> line) => new(
        MeterFailure.Protocol,
        line.StartsWith("#"u8)
            ? $"{_line.Name}: the instrument answers in binary; set its numeric format to ASCII, or add setup=true to the address to have it set."
            : $"{_line.Name}: {_codes.Length} numbers were due, '{Printable(line)}' came back.");

    private static string Printable(ReadOnlySpan<byte> line)
    {
        var text = new StringBuilder();
        foreach (var c in line[..Math.Min(line.Length, 80)])
            text.Append(c is >= (byte)' ' and <= (byte)'~' ? (char)c : '?');
        return text.ToString();
    }
}
