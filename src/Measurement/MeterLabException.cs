namespace MeterLab.Measurement;

/// <summary>
/// The root of the closed set of failures that MeterLab reports to a person. The message says what happened,
/// where, and what to do, in one to three lines; nothing else of MeterLab is meant to reach a user as text.
/// </summary>
public abstract class MeterLabException : Exception
{
    /// <summary>Creates the failure with the text a person reads.</summary>
    protected MeterLabException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
