using System.Globalization;

using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Scpi;

/// <summary>
/// An instrument that a profile describes. Which value stands where in its list, its ranges and its update rate are asked when it is opened and
/// never assumed; nothing is set unless the address says so.
/// </summary>
internal sealed class ScpiDevice : IAskedDevice
{
    private const int MostItems = 255;

    private readonly MeterProfile _profile;
    private readonly ScpiMap _map;
    private readonly ScpiLine _line;
    private readonly bool _setUp;
    private readonly HashSet<string> _silentAbout = [];
    private IReadOnlyList<string> _list = [];

    /// <summary>Takes an instrument that was not asked yet; <paramref name="setUp"/> allows the profile's set-up commands.</summary>
    public ScpiDevice(MeterProfile profile, ScpiLine line, bool setUp)
    {
        (_profile, _line, _setUp, Facts) = (profile, line, setUp, profile.Facts);
        _map = profile.Scpi!;
    }

    /// <inheritdoc/>
    public IReadOnlyList<MeasuredField> Fields { get; private set; } = [];

    /// <inheritdoc/>
    public MeterFacts Facts { get; private set; }

    /// <summary>How many values an answer has, where it is a list of the instrument's own.</summary>
    public int ListLength => _list.Count;

    /// <summary>The profile's description.</summary>
    public ScpiMap Map => _map;

    /// <summary>
    /// Opens the wire and asks what the instrument is and shows. Throws <see cref="LinkException"/>, and <see cref="MeterException"/> for a stranger and for
    /// one whose list has no power.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _line.OpenAsync(cancellationToken).ConfigureAwait(false);
        await IdentityAsync(cancellationToken).ConfigureAwait(false);
        if (_setUp)
        {
            foreach (var command in _map.Setup)
                await _line.TellAsync(command, cancellationToken).ConfigureAwait(false);
        }

        _list = await ListAsync(cancellationToken).ConfigureAwait(false);
        Fields = [.. _map.Fields.Select(Measured).OfType<MeasuredField>()];
        if (!Fields.Any(measured => measured.Quantity == Quantity.ActivePower))
        {
            throw new MeterException(
                MeterFailure.Protocol,
                $"{_line.Name}: the list of values that this instrument gives has no active power ({string.Join(' ', _list)}). Set its numeric list, or add setup=true to the address to have it set.");
        }

        var settings = await SettingsAsync(cancellationToken).ConfigureAwait(false);
        Facts = Facts with { Accuracy = settings.Narrow(_profile.Facts.Accuracy), Response = settings.At(_profile.Facts.Response) };
    }

    /// <summary>Opens the wire again after it went away. The instrument must be the same and show the same list.</summary>
    public async ValueTask ReopenAsync(CancellationToken cancellationToken)
    {
        await _line.OpenAsync(cancellationToken).ConfigureAwait(false);
        await IdentityAsync(cancellationToken).ConfigureAwait(false);
        var list = await ListAsync(cancellationToken).ConfigureAwait(false);
        if (!list.SequenceEqual(_list))
        {
            throw new MeterException(
                MeterFailure.WrongDevice, $"{_line.Name}: the instrument that came back gives another list of values ({string.Join(' ', list)}). Start the recording anew.");
        }
    }

    /// <inheritdoc/>
    public async Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var words = await IdentityAsync(cancellationToken).ConfigureAwait(false);
        var settings = await SettingsAsync(cancellationToken).ConfigureAwait(false);
        return new MeterIdentity(Facts.Vendor, words[1], Word(2), Word(3)) { Settings = settings.Summary, AutoRange = settings.AutoRange };

        string? Word(int index) => index < words.Length && words[index].Length > 0 ? words[index] : null;
    }

    /// <inheritdoc/>
    public IPolledSource Source(IReadOnlyList<MeasuredField> fields) => new ScpiSource(this, _line, fields);

    /// <inheritdoc/>
    public async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        if (!_silentAbout.Contains(question))
        {
            try
            {
                return Printable(await TextAsync(question, cancellationToken).ConfigureAwait(false));
            }
            catch (LinkException e) when (e.Failure == LinkFailure.TimedOut)
            {
                // Not asked again; the late answer must not be taken for one to another question.
                _silentAbout.Add(question);
                await _line.OpenAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        throw new MeterException(MeterFailure.Refused, $"{_line.Name}: the instrument does not answer {question}.");
    }

    /// <inheritdoc/>
    public Task TellAsync(string command, CancellationToken cancellationToken) => _line.TellAsync(command, cancellationToken).AsTask();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _line.DisposeAsync();

    private async Task<string[]> IdentityAsync(CancellationToken cancellationToken)
    {
        var answer = await _line.IdentityAsync(cancellationToken).ConfigureAwait(false);
        string[] words = [.. answer.Split(',').Select(word => Printable(word.Trim()))];
        if (words.Length >= 2 && _map.Models.Any(model => Matches(words[1], model)))
            return words;
        throw new MeterException(
            MeterFailure.WrongDevice, $"{_line.Name}: this is no {Facts.Model}: it says '{Printable(answer)}', where {string.Join(" or ", _map.Models)} is right.");
    }

    private static bool Matches(string word, string model) => model.EndsWith('*')
        ? word.StartsWith(model[..^1], StringComparison.OrdinalIgnoreCase)
        : word.Equals(model, StringComparison.OrdinalIgnoreCase);

    private async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        if (_map.Asked)
            return [];
        if (_map.ListNames is { } names)
            return Names(await TextAsync(names, cancellationToken).ConfigureAwait(false));
        var (count, item) = _map.ListItems!.Value;
        var text = await TextAsync(count, cancellationToken).ConfigureAwait(false);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length is < 1 or > MostItems)
            throw new MeterException(MeterFailure.Protocol, $"{_line.Name}: '{Printable(text)}' is no number of values; 1 to {MostItems} is right.");
        var list = new List<string>();
        for (var n = 1; n <= length; n++)
            list.Add(Plain(await TextAsync(ValueField.Fill(item, n, 0), cancellationToken).ConfigureAwait(false)));
        return list;
    }

    private string[] Names(string text)
    {
        string[] names = [.. text.Split(',').Select(Plain)];
        return names.Length <= MostItems && names.All(name => name.Length > 0)
            ? names
            : throw new MeterException(MeterFailure.Protocol, $"{_line.Name}: '{Printable(text)}' is no list of values.");
    }

    private MeasuredField? Measured(ScpiField row, int index)
    {
        // Where fields are asked one by one, the place is the row's own; otherwise that of its name in the instrument's list.
        var place = _map.Asked ? index : row.Items.Select(item => IndexOf(Plain(item))).FirstOrDefault(found => found >= 0, -1);
        return place < 0 ? null : new MeasuredField(row.Value.Channel, row.Value.Quantity, new Float64Scale(row.Value.SiPerCount), place, row.Value.Wrap);

        int IndexOf(string item)
        {
            for (var i = 0; i < _list.Count; i++)
            {
                if (_list[i].Equals(item, StringComparison.OrdinalIgnoreCase))
                    return i;
            }

            return -1;
        }
    }

    // An instrument that does not answer about a setting is not asked about the others either: what is not known stays unknown.
    private async Task<ScpiSettings> SettingsAsync(CancellationToken cancellationToken)
    {
        var answers = new Dictionary<string, string>();
        foreach (var (setting, question) in _map.Settings)
        {
            if (_silentAbout.Contains(setting))
                break;
            try
            {
                answers.Add(setting, Printable(await TextAsync(question, cancellationToken).ConfigureAwait(false)));
            }
            catch (LinkException e) when (e.Failure == LinkFailure.TimedOut)
            {
                _silentAbout.Add(setting);
                await _line.OpenAsync(cancellationToken).ConfigureAwait(false);
                break;
            }
        }

        return new ScpiSettings(answers);
    }

    private async Task<string> TextAsync(string question, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _line.AskAsync(System.Text.Encoding.ASCII.GetBytes(question), cancellationToken).ConfigureAwait(false);
            return System.Text.Encoding.ASCII.GetString(ScpiText.WithoutHeader(answer.Line.Span));
        }
        catch (LinkException e) when (e.Failure == LinkFailure.TimedOut)
        {
            throw new LinkException(LinkFailure.TimedOut, $"{_line.Name}: no answer to {question}. Is it the model that the address names, with its present firmware?", e);
        }
    }

    // 'U,1' and 'U, 1' are one item.
    private static string Plain(string item) => item.Replace(" ", "", StringComparison.Ordinal);

    private static string Printable(string text) => string.Concat(text.Take(80).Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
