namespace MeterLab.MeterDrivers.Scanning;

/// <summary>How sure it is that a device is of a model, the surest first.</summary>
public enum ScanCertainty
{
    /// <summary>it names itself, in a register or an answer that this model has for that</summary>
    Identified,

    /// <summary>every value of the model can be read, and voltage and frequency are a supply's</summary>
    Likely,

    /// <summary>the values can be read and contradict nothing; other models would read the same</summary>
    Possible,
}
