using MeterLab.Measurement;

namespace MeterLab.MeterDrivers;

/// <summary>What a device said that a driver cannot accept.</summary>
public enum MeterFailure
{
    /// <summary>it answered with an exception or an error of its protocol</summary>
    Refused,

    /// <summary>it is not the device that the address names</summary>
    WrongDevice,

    /// <summary>it answered with something its protocol does not allow here</summary>
    Protocol,

    /// <summary>it is the right device, but set so that its figures mislead</summary>
    WrongSettings,
}

/// <summary>A device answered, and the answer will not do. Retrying seldom helps.</summary>
public sealed class MeterException(MeterFailure failure, string message, Exception? inner = null) : MeterLabException(message, inner)
{
    /// <summary>What kind of refusal.</summary>
    public MeterFailure Failure { get; } = failure;

    /// <summary>The protocol's own number of a refusal (a Modbus exception code); null where there is none.</summary>
    public int? Code { get; init; }
}
