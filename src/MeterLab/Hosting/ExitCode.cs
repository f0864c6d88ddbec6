namespace MeterLab.Cli.Hosting;

/// <summary>What the program's end says to a script (contract, section 2). A verdict never changes it.</summary>
internal static class ExitCode
{
    /// <summary>done</summary>
    public const int Success = 0;

    /// <summary>the work failed, or a run failed</summary>
    public const int Failed = 1;

    /// <summary>usage or configuration error</summary>
    public const int Usage = 2;

    /// <summary>finished, but at least one run or window is not valid</summary>
    public const int NotValid = 3;

    /// <summary>interrupted, state saved</summary>
    public const int Interrupted = 130;
}
