using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;

namespace MeterLab.MeterDrivers.Serial.Telegrams;

/// <summary>
/// What electricity meters call their values (IEC 62056-61, the numbers C.D.E of <c>1-0:C.D.E</c>), gathered from one telegram and made into fields. Import and
/// export stand apart in a telegram; power is import minus export, so that its sign is the direction. Units: V, A, W, J.
/// </summary>
internal sealed class ObisValues
{
    private const int Unset = -1;
    private readonly double[] _raw = new double[256];
    private readonly bool[] _set = new bool[256];
    private readonly FieldCode[] _values = new FieldCode[Fields.Length];

    // Power of one channel: net, import, export; then energies and the rest.
    private static readonly (int Net, int Import, int Export)[] Powers = [(16, 1, 2), (36, 21, 22), (56, 41, 42), (76, 61, 62)];
    private static readonly int[] Voltages = [32, 52, 72];
    private static readonly int[] Currents = [31, 51, 71];

    /// <summary>The fields, in the order of <see cref="Values"/>.</summary>
    internal static MeasuredField[] Fields { get; } =
    [
        .. new[] { "total", "l1", "l2", "l3" }.Select((channel, i) => new MeasuredField(channel, Quantity.ActivePower, new Float64Scale(), i)),
        new("total", Quantity.EnergyImport, new Float64Scale(), 4),
        new("total", Quantity.EnergyExport, new Float64Scale(), 5),
        .. new[] { "l1", "l2", "l3" }.Select((channel, i) => new MeasuredField(channel, Quantity.Voltage, new Float64Scale(), 6 + i)),
        .. new[] { "l1", "l2", "l3" }.Select((channel, i) => new MeasuredField(channel, Quantity.Current, new Float64Scale(), 9 + i)),
    ];

    /// <summary>The values of the telegram gathered last.</summary>
    public ReadOnlySpan<FieldCode> Values => _values;

    /// <summary>The sheet of a billing meter of class B (1 %) with telegrams every <paramref name="periodSeconds"/>.</summary>
    internal static MeterFacts Sheet(string model, string description, double periodSeconds, double stepWatts) => new()
    {
        Model = model,
        Vendor = "various",
        Transports = ["serial"],
        Quantities = [.. Fields.Select(field => field.Quantity).Distinct().Order()],
        Accuracy = new Dictionary<Quantity, AccuracyLimit>
        {
            [Quantity.ActivePower] = new() { ReadingPercent = 1 },
            [Quantity.EnergyImport] = new() { ReadingPercent = 1 },
            [Quantity.EnergyExport] = new() { ReadingPercent = 1 },
        },
        Resolution = new Dictionary<Quantity, double> { [Quantity.ActivePower] = stepWatts },
        Response = new MeterResponse(periodSeconds, periodSeconds, 0),
        FactsMark = 2,
        Source = description,
    };

    /// <summary>Begins another telegram.</summary>
    public void Clear()
    {
        Array.Clear(_set);
        Array.Clear(_raw);
    }

    /// <summary>Takes a value of 1-0:C.D.E. Energies of tariffs (C.8.1 …) add up unless the total (C.8.0) is there.</summary>
    public void Take(int c, int d, int e, double value)
    {
        var slot = (c, d, e) switch
        {
            ( > 0 and < 100, 7, 0) => c,
            (1, 8, 0) => 200,
            (2, 8, 0) => 201,
            (1, 8, >= 1 and <= 4) => 202,
            (2, 8, >= 1 and <= 4) => 203,
            _ => Unset,
        };
        if (slot == Unset)
            return;
        _raw[slot] = slot is 202 or 203 ? _raw[slot] + value : value;
        _set[slot] = true;
    }

    /// <summary>Makes the fields of what was taken.</summary>
    public void Finish()
    {
        for (var i = 0; i < Powers.Length; i++)
        {
            var (net, import, export) = Powers[i];
            _values[i] = _set[net] ? Code(_raw[net]) : _set[import] ? Code(_raw[import] - _raw[export]) : FieldCode.None;
        }

        _values[4] = _set[200] ? Code(_raw[200]) : _set[202] ? Code(_raw[202]) : FieldCode.None;
        _values[5] = _set[201] ? Code(_raw[201]) : _set[203] ? Code(_raw[203]) : FieldCode.None;
        for (var i = 0; i < Voltages.Length; i++)
        {
            _values[6 + i] = _set[Voltages[i]] ? Code(_raw[Voltages[i]]) : FieldCode.None;
            _values[9 + i] = _set[Currents[i]] ? Code(_raw[Currents[i]]) : FieldCode.None;
        }
    }

    private static FieldCode Code(double value) => FieldCode.Of(value, []);
}
