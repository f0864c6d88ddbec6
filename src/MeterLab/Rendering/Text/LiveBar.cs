using Spectre.Console;

using MeterLab.Cli.Hosting;

namespace MeterLab.Cli.Rendering.Text;

/// <summary>Progress of work whose length is known: a live bar on a terminal, one line elsewhere.</summary>
internal static class LiveBar
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    /// <summary>Awaits <paramref name="work"/>, showing how much of <paramref name="duration"/> has passed.</summary>
    public static async Task ShowAsync(Terminal terminal, string title, TimeSpan duration, TimeProvider time, Task work)
    {
        if (!terminal.IsInteractive)
        {
            terminal.Error.WriteLine(title);
            await work.ConfigureAwait(false);
            return;
        }

        await AnsiProgress(terminal).StartAsync(async context =>
        {
            var bar = context.AddTask(Markup.Escape(title), maxValue: duration.TotalSeconds);
            var started = time.GetTimestamp();
            while (!work.IsCompleted)
            {
                await Task.WhenAny(work, Task.Delay(Step, time)).ConfigureAwait(false);
                bar.Value = Math.Min(duration.TotalSeconds, time.GetElapsedTime(started).TotalSeconds);
            }
        }).ConfigureAwait(false);
        await work.ConfigureAwait(false);
    }

    private static Progress AnsiProgress(Terminal terminal) => new(terminal.LiveConsole());
}
