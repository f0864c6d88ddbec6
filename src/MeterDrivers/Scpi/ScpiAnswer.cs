namespace MeterLab.MeterDrivers.Scpi;

/// <summary>One line of answer, good until the next question, and the bracket of its exchange, ns on the lab's line.</summary>
internal readonly record struct ScpiAnswer(ReadOnlyMemory<byte> Line, long BeforeNs, long AfterNs)
{
    /// <summary>As text, for what is not a value.</summary>
    public string Text => System.Text.Encoding.ASCII.GetString(Line.Span);
}
