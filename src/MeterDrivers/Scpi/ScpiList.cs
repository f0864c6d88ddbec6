using MeterLab.MeterDrivers.Fields;

namespace MeterLab.MeterDrivers.Scpi;

/// <summary>A line of numbers: all of them are there and are numbers, or none is taken.</summary>
internal static class ScpiList
{
    /// <summary>Reads exactly as many numbers as <paramref name="codes"/> holds; false for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, char separator, ReadOnlySpan<IReadOnlyList<double>> notAvailable, Span<FieldCode> codes)
    {
        var rest = ScpiText.WithoutHeader(line);
        for (var i = 0; i < codes.Length; i++)
        {
            if (!ScpiText.TryNext(ref rest, separator, out var element) || !ScpiText.TryNumber(element, notAvailable[i], out codes[i]))
                return false;
        }

        return rest.IsEmpty;
    }
}
