namespace MeterLab.Fuzz;

/// <summary>One decoder under attack.</summary>
/// <param name="Name">For messages and the command line.</param>
/// <param name="Corpus">Sound frames, which are mutated.</param>
/// <param name="Decode">Feeds one frame; throws only what the decoder declares (<see cref="Measurement.MeterLabException"/>). True where the frame was accepted.</param>
/// <param name="BytesAFrame">What one frame may allocate on the average, bytes; refusals that are exceptions cost some.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Corpus, Func<byte[], int, bool> Decode, long BytesAFrame);
