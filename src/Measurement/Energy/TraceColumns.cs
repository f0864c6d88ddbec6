namespace MeterLab.Measurement.Energy;

/// <summary>
/// A recorded trace as files hold it: times and, at each, the power, the meter's energy register, or both. Grows row by row; rows that do
/// not come later than the one before are left out and counted.
/// </summary>
/// <param name="hasPower">Whether there is a power.</param>
/// <param name="hasRegister">Whether there is an energy register.</param>
public sealed class TraceColumns(bool hasPower, bool hasRegister)
{
    private const int FirstCapacity = 1024;

    private long[] _endNs = new long[FirstCapacity];
    private double[] _watts = hasPower ? new double[FirstCapacity] : [];
    private double[] _joules = hasRegister ? new double[FirstCapacity] : [];

    /// <summary>How many rows.</summary>
    public int Count { get; private set; }

    /// <summary>How many rows did not come later than the one before.</summary>
    public int NotLater { get; private set; }

    /// <summary>Whether there is a power.</summary>
    public bool HasPower { get; } = hasPower;

    /// <summary>Whether there is an energy register.</summary>
    public bool HasRegister { get; } = hasRegister;

    /// <summary>Ends of the averaging windows, ns, strictly increasing.</summary>
    public ReadOnlySpan<long> EndNs => _endNs.AsSpan(0, Count);

    /// <summary>Powers, W; not a number where a row has none. Empty without the column.</summary>
    public ReadOnlySpan<double> Watts => HasPower ? _watts.AsSpan(0, Count) : default;

    /// <summary>Register values, J; not a number where a row has none. Empty without the column.</summary>
    public ReadOnlySpan<double> Joules => HasRegister ? _joules.AsSpan(0, Count) : default;

    /// <summary>Makes room for so many rows.</summary>
    public void Reserve(int rows)
    {
        if (rows > _endNs.Length)
            Grow(rows);
    }

    /// <summary>Adds a row; not a number stands for a missing value.</summary>
    public void Add(long endNs, double watts, double joules)
    {
        if (Count > 0 && endNs <= _endNs[Count - 1])
        {
            NotLater++;
            return;
        }

        if (Count == _endNs.Length)
            Grow(checked(Count + Count / 2));
        _endNs[Count] = endNs;
        if (HasPower)
            _watts[Count] = watts;
        if (HasRegister)
            _joules[Count] = joules;
        Count++;
    }

    private void Grow(int rows)
    {
        Array.Resize(ref _endNs, rows);
        if (HasPower)
            Array.Resize(ref _watts, rows);
        if (HasRegister)
            Array.Resize(ref _joules, rows);
    }
}
