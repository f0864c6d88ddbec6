namespace MeterLab.MeterDrivers.Http;

/// <summary>An answer and the bracket of its exchange, ns on the lab's line.</summary>
internal readonly record struct HttpReply(ReadOnlyMemory<byte> Body, long BeforeNs, long AfterNs);
