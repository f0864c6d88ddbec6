using System.CommandLine;
using System.Runtime.ExceptionServices;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement;
using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Settings;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Storage.Meters;

namespace MeterLab.Cli.Commands;

/// <summary><c>meter settings diff URI</c> and <c>apply URI</c>: a meter's settings against its settings profile. Nothing is written without being asked.</summary>
internal static class MeterSettingsCommands
{
    // Some meters take a moment, and a new measuring cycle, until a setting shows.
    private const int Looks = 10;
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(300);

    private sealed record SettingRow(string Setting, string? Value, string? Wanted, bool Right, bool CanWrite, string Meaning);

    private sealed record Document(string Uri, string Model, IdentityRow Identity, bool Right, IReadOnlyList<SettingRow> Settings);

    /// <summary>Builds <c>diff</c>.</summary>
    public static Command BuildDiff(CommandHost host)
    {
        var uri = MeterReadCommand.UriArgument();
        return host.Reading(
            new Command("diff", "reads how a meter is set and shows what differs from what it must be set to") { uri },
            (arguments, session, cancellationToken) => DiffAsync(ChosenMeter.Find(session, arguments.GetRequiredValue(uri)), session, cancellationToken));
    }

    /// <summary>Builds <c>apply</c>.</summary>
    public static Command BuildApply(CommandHost host)
    {
        var uri = MeterReadCommand.UriArgument();
        var yes = new Option<bool>("--yes") { Description = "write without asking" };
        return host.Reading(
            new Command("apply", "writes what a meter must be set to, reads it back, and keeps both") { uri, yes },
            (arguments, session, cancellationToken) => ApplyAsync(ChosenMeter.Find(session, arguments.GetRequiredValue(uri)), arguments.GetValue(yes), session, cancellationToken));
    }

    private static async Task<int> DiffAsync(ChosenMeter chosen, Session session, CancellationToken cancellationToken)
    {
        var meter = await session.Services.Meters.OpenSettingsAsync(chosen.Uri, chosen.Name, cancellationToken).ConfigureAwait(false);
        await using (meter.ConfigureAwait(false))
        {
            var identity = await meter.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            var settings = await meter.ReadSettingsAsync(cancellationToken).ConfigureAwait(false);
            return Show(chosen.Uri, meter, identity, settings, session);
        }
    }

    private static async Task<int> ApplyAsync(ChosenMeter chosen, bool yes, Session session, CancellationToken cancellationToken)
    {
        var meter = await session.Services.Meters.OpenSettingsAsync(chosen.Uri, chosen.Name, cancellationToken).ConfigureAwait(false);
        await using (meter.ConfigureAwait(false))
        {
            var identity = await meter.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            var before = await meter.ReadSettingsAsync(cancellationToken).ConfigureAwait(false);
            var wrong = before.Where(setting => !setting.IsRight && setting.CanWrite).ToList();
            if (wrong.Count == 0)
                return Show(chosen.Uri, meter, identity, before, session);
            foreach (var setting in wrong)
                session.Note($"{chosen.Uri}: will set {setting.Name} from {setting.Value ?? "(not told)"} to {setting.Wanted}. {setting.Meaning}.");
            if (!yes && !Agreed(session))
                throw new ConfigurationException($"{chosen.Uri}: nothing was written; answer yes, or add --yes where nobody can answer");
            using var store = session.OpenStore();
            store.Meters.AddSettings(MeterSettingsCheck.Record(null, chosen.Uri.ToString(), SettingsMoment.Before, identity, before));
            var refusal = await WriteAsync(meter, wrong, cancellationToken).ConfigureAwait(false);
            // What was written before one was refused is written: how the meter is set now is kept in either case.
            var after = await ReadBackAsync(meter, refusal is null ? wrong : [], session, cancellationToken).ConfigureAwait(false);
            store.Meters.AddSettings(MeterSettingsCheck.Record(null, chosen.Uri.ToString(), SettingsMoment.Applied, identity, after));
            if (refusal is not null)
                ExceptionDispatchInfo.Throw(refusal);
            if (after.FirstOrDefault(now => !now.IsRight && wrong.Exists(setting => setting.Name == now.Name)) is { } stubborn)
            {
                throw new MeterException(MeterFailure.Refused,
                    $"{chosen.Uri}: {stubborn.Name} still reads {stubborn.Value ?? "nothing"} after {stubborn.Wanted} was written. Is the meter locked against settings (a switch at its front, a password)?");
            }

            return Show(chosen.Uri, meter, identity, after, session);
        }
    }

    /// <summary>Writes one after the other; returns what ended it early, or null.</summary>
    private static async Task<MeterLabException?> WriteAsync(IMeterSettings meter, List<MeterSetting> settings, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var setting in settings)
                await meter.WriteSettingAsync(setting.Name, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (MeterLabException e)
        {
            return e;
        }
    }

    private static async Task<IReadOnlyList<MeterSetting>> ReadBackAsync(
        IMeterSettings meter, List<MeterSetting> written, Session session, CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            var settings = await meter.ReadSettingsAsync(cancellationToken).ConfigureAwait(false);
            if (look == Looks || written.TrueForAll(setting => settings.Any(now => now.Name == setting.Name && now.IsRight)))
                return settings;
            await Task.Delay(LookPause, session.Services.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool Agreed(Session session)
    {
        if (!session.Terminal.IsInteractive || Console.IsInputRedirected)
            return false;
        session.Note("Write this to the meter? yes or no:");
        return Console.In.ReadLine()?.Trim() is "yes" or "y";
    }

    private static int Show(MeterUri uri, IMeterSettings meter, MeterIdentity identity, IReadOnlyList<MeterSetting> settings, Session session)
    {
        var right = settings.All(setting => setting.IsRight);
        var document = new Document(
            uri.ToString(),
            meter.Facts.Model,
            new IdentityRow(identity.Vendor, identity.Model, identity.Serial, identity.Firmware, identity.Settings, identity.AutoRange),
            right,
            [.. settings.Select(setting => new SettingRow(setting.Name, setting.Value, setting.Wanted, setting.IsRight, setting.CanWrite, setting.Meaning))]);
        session.Show(document, text => Write(text, document));
        return right ? ExitCode.Success : ExitCode.NotValid;
    }

    private static void Write(TextWriter text, Document document)
    {
        text.WriteLine(Failures.Plain($"{document.Model} at {document.Uri}"));
        if (document.Settings.Count == 0)
        {
            text.WriteLine("nothing is known that must be set on this model before measuring");
            return;
        }

        var table = new TextTable("setting", "is", "must be", "verdict");
        foreach (var row in document.Settings)
            table.Add(row.Setting, row.Value ?? "not told", row.Wanted ?? "(kept as it is)", row.Wanted is null ? "recorded" : row.Right ? "right" : "WRONG");
        table.Write(text);
        foreach (var row in document.Settings.Where(row => !row.Right))
            text.WriteLine(Failures.Plain($"{row.Setting}: {row.Meaning}{(row.CanWrite ? "" : "; set it at the meter itself")}"));
    }
}
