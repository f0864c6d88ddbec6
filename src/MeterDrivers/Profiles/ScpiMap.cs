namespace MeterLab.MeterDrivers.Profiles;

/// <summary>What a profile says of an instrument that speaks SCPI. Nothing but questions is ever sent, unless the address asks for the set-up.</summary>
public sealed record ScpiMap
{
    /// <summary>The fields, in the order of the file.</summary>
    public required IReadOnlyList<ScpiField> Fields { get; init; }

    /// <summary>What the second word of the answer to <c>*IDN?</c> may be, case apart; a <c>*</c> at the end stands for any rest.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The question for the values; where <see cref="Asked"/>, what stands before the questions of the fields.</summary>
    public required string Values { get; init; }

    /// <summary>What ends a command: <c>\n</c> or <c>\r\n</c>. Answers may end in either.</summary>
    public string Terminator { get; init; } = "\n";

    /// <summary>What stands between two values.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>How long to wait for an answer, the time on a serial line not counted.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A question whose answer names the values in their order; null where there is none.</summary>
    public string? ListNames { get; init; }

    /// <summary>A question for how many values there are, and one for the name of the n-th; null where there is none.</summary>
    public (string Count, string Item)? ListItems { get; init; }

    /// <summary>Whether each field is a question of its own, all sent in one line.</summary>
    public bool Asked { get; init; }

    /// <summary>Commands that make the instrument show what the profile wants; sent only where the address says setup=true.</summary>
    public IReadOnlyList<string> Setup { get; init; } = [];

    /// <summary>Questions for settings, by the names of <see cref="SettingNames"/>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The settings that mean something to the driver or to a reader: ranges must not change within a run.</summary>
    public static IReadOnlyList<string> SettingNames { get; } =
        ["voltage-range", "voltage-auto", "current-range", "current-auto", "update-period", "mode", "averaging", "filter", "crest-factor"];
}

/// <summary>A value of an instrument.</summary>
/// <param name="Value">What it is.</param>
/// <param name="Items">What the instrument calls it, in the order of preference; the question where fields are asked.</param>
public sealed record ScpiField(ValueField Value, IReadOnlyList<string> Items);
