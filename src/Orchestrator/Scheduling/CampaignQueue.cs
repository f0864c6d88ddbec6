using MeterLab.Measurement;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Scheduling;

/// <summary>
/// One rig, one campaign at a time. A campaign that fires while it is itself under way or waiting is skipped and the skip recorded;
/// another one waits for its turn. What fails is said and recorded, and never ends the service.
/// </summary>
public sealed class CampaignQueue(LabContext lab, Rig rig, Action<string> say) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string?> _active = [];
    private TaskCompletionSource? _idle;

    /// <summary>Runs the campaign of this file in its turn. Never throws.</summary>
    public async Task FireAsync(string name, string file, CancellationToken cancellationToken)
    {
        if (!TryBegin(name))
            return;
        try
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
            await _turn.WaitAsync(both.Token).ConfigureAwait(false);
            try
            {
                await RunAsync(name, file, both.Token).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException)
        {
            say($"{name}: interrupted, state saved");
        }
        catch (MeterLabException e)
        {
            // The campaign's own row says it too, where there is one.
            say($"{name}: {e.Message}");
        }
        finally
        {
            End(name);
        }
    }

    /// <summary>Interrupts what is under way and waits until its state is saved.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task idle;
        lock (_lock)
        {
            if (_active.Count == 0)
                return;
            idle = (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        await idle.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _turn.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(string name, string file, CancellationToken cancellationToken)
    {
        // Read again at every fire: the file is the user's, and may have changed.
        var plan = CampaignPlan.For(CampaignFile.Load(file, rig), rig);
        say($"{name}: {plan.Runs.Count} runs begin");
        var runner = new CampaignRunner(lab);
        runner.Registered += id => SetActive(name, id);
        var results = await runner.RunAsync(plan, rig, CampaignTexts.Load(rig.File, file), null, cancellationToken).ConfigureAwait(false);
        say($"{name}: {results.Id} finished, {results.Runs.Count(run => run.Valid)} of {results.Runs.Count} runs valid");
    }

    private bool TryBegin(string name)
    {
        string? running;
        lock (_lock)
        {
            if (_active.TryAdd(name, null))
                return true;
            running = _active[name];
        }

        say($"{name}: fired during its own run; skipped");
        if (running is not null)
        {
            lab.Store.Findings.Add(running, null, new Finding("fire-skipped", Severity.Note,
                $"The schedule of {name} fired during this campaign; that fire was skipped."));
        }

        return false;
    }

    private void SetActive(string name, string id)
    {
        lock (_lock)
            _active[name] = id;
    }

    private void End(string name)
    {
        lock (_lock)
        {
            _active.Remove(name);
            if (_active.Count == 0)
                _idle?.TrySetResult();
        }
    }
}
