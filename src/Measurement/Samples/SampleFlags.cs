namespace MeterLab.Measurement.Samples;

/// <summary>What is peculiar about one sample. A flagged sample is kept, never dropped in silence. Stored as bits: append only.</summary>
[Flags]
public enum SampleFlags
{
    /// <summary>nothing peculiar</summary>
    None = 0,

    /// <summary>at least one sample was lost just before this one (a failed exchange, a full queue)</summary>
    Gap = 1,

    /// <summary>the exchange succeeded only after a retry</summary>
    Retried = 2,

    /// <summary>the meter says that its range was exceeded, or the code stands at the end of its scale</summary>
    Overflow = 4,

    /// <summary>the meter gave its mark for "no value"; the code is not a number</summary>
    NotAvailable = 8,

    /// <summary>beyond what this meter can measure, or negative where that cannot be</summary>
    Implausible = 16,

    /// <summary>a marker set by the host was found in the meter's own stream at this sample</summary>
    Marker = 32,

    /// <summary>an energy register went backwards or wrapped before this sample</summary>
    CounterReset = 64,

    /// <summary>the device's clock jumped, or the stream was resynchronised, before this sample</summary>
    Resynchronised = 128,

    /// <summary>the load is below what the meter's accuracy class promises anything for</summary>
    BelowMinimumLoad = 256,
}
