namespace MeterLab.MeterDrivers.Modbus;

/// <summary>The bracket of one exchange on the lab's line: the device read its registers somewhere between the two.</summary>
/// <param name="BeforeNs">Host monotonic, ns, just before the request was written.</param>
/// <param name="AfterNs">Host monotonic, ns, just after the answer's last byte.</param>
internal readonly record struct ExchangeTimes(long BeforeNs, long AfterNs);
