using System.Buffers;

using MeterLab.Measurement.Samples;

namespace MeterLab.Storage.Traces;

/// <summary>
/// Records samples of any number of traces. Inputs collect them; one thread with a connection of its own seals and commits twice a
/// second, so that a killed process loses less than its last second. Where storing fails, <see cref="Completion"/> faults with the
/// <see cref="StoreException"/>, everything after is counted as lost, and stopping throws it again.
/// </summary>
public sealed class TraceRecorder : IAsyncDisposable
{
    /// <summary>How often what has been accepted is committed.</summary>
    public static TimeSpan SealInterval { get; } = TimeSpan.FromMilliseconds(500);

    // A quarter of a minute of three streams at 20 kHz; 40 MB at worst.
    private const int ChunkCapacity = 256;
    private const int EventCapacity = 4096;

    private readonly StoreContext _context;
    private readonly TraceStore _traces;
    private readonly string? _campaign;
    private readonly RecorderQueue _queue;
    private readonly List<TraceInput> _inputs = [];
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;
    private bool _ended;
    private long _lostEvents;

    internal TraceRecorder(StoreContext context, TraceStore traces, string? campaign, int chunkCapacity = ChunkCapacity)
    {
        _context = context;
        _traces = traces;
        _campaign = campaign;
        _queue = new RecorderQueue(chunkCapacity, EventCapacity);
        // Opened here, so that a store that cannot be written fails at the call and not in the thread.
        var writer = new ChunkWriter(context.Database.Path, campaign, context.Session);
        new Thread(() => Run(writer)) { IsBackground = true, Name = "meterlab recorder" }.Start();
        _timer = context.Options.Time.CreateTimer(_ => _queue.TryRequestSeal(), null, SealInterval, SealInterval);
    }

    /// <summary>Ends when the recorder has stopped and everything is committed; faults with a <see cref="StoreException"/> where storing failed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Events that found their queue full.</summary>
    public long LostEvents => Interlocked.Read(ref _lostEvents);

    /// <summary>Adds a trace to this recorder's campaign and gives the input for its samples.</summary>
    public TraceInput Add(TraceRecord trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        lock (_inputs)
        {
            if (_ended)
                throw new InvalidOperationException("The recorder has stopped; it takes no further traces.");
            var input = new TraceInput(_traces.Add(trace with { Campaign = _campaign }), _queue);
            _inputs.Add(input);
            return input;
        }
    }

    /// <summary>Keeps an event on a meter's wire. Never blocks or throws; a full queue counts it in <see cref="LostEvents"/>.</summary>
    /// <param name="meter">The meter's name.</param>
    /// <param name="kind">retry, lost, disconnected …</param>
    /// <param name="hostNs">When, on the lab's line.</param>
    /// <param name="detail">In words.</param>
    public void Report(string meter, string kind, long hostNs, string detail)
    {
        if (!_queue.TryAdd(new PendingEvent(meter, kind, hostNs, detail)))
            Interlocked.Increment(ref _lostEvents);
    }

    /// <summary>Waits until everything that was accepted before this call is on the disk. Throws <see cref="StoreException"/> where storing failed.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_queue.TryRequestSeal(done))
            await done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        else
            await Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Seals and commits what is left and ends the recorder; samples that come later are counted as lost. Throws
    /// <see cref="StoreException"/> where storing failed, now or earlier.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        _queue.Close();
        await Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="StopAsync"/>, without a token.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    private void Run(ChunkWriter writer)
    {
        var chunks = new List<SealedChunk>();
        var events = new List<PendingEvent>();
        var flushes = new List<TaskCompletionSource>();
        try
        {
            using (writer)
            {
                while (WriteNext(writer, chunks, events, flushes))
                {
                }
            }

            _completion.SetResult();
        }
        catch (Exception exception)
        {
            // Whatever it is, it ends the recorder and reaches whoever waits for it; here it would only end the process.
            Fail(exception, chunks, events, flushes);
        }
    }

    /// <summary>One round: wait, seal, commit, tell. False when the recorder was closed and this was the last.</summary>
    private bool WriteNext(ChunkWriter writer, List<SealedChunk> chunks, List<PendingEvent> events, List<TaskCompletionSource> flushes)
    {
        var more = _queue.Wait(flushes, out var seal);
        // Open buffers first, the queue after: a sample that is in neither when we look was accepted after the request.
        if (seal)
            SealInputs(chunks, last: !more);
        _queue.Drain(chunks, events);
        if (chunks.Count > 0 || events.Count > 0)
            writer.Commit(chunks, events);
        foreach (var chunk in chunks)
            ArrayPool<RawSample>.Shared.Return(chunk.Buffer);
        chunks.Clear();
        events.Clear();
        foreach (var flush in flushes)
            flush.SetResult();
        flushes.Clear();
        return more;
    }

    private void SealInputs(List<SealedChunk> chunks, bool last)
    {
        lock (_inputs)
        {
            _ended |= last;
            foreach (var input in _inputs)
            {
                if (last)
                    input.Close();
                if (input.TrySeal(out var chunk))
                    chunks.Add(chunk);
            }
        }
    }

    private void Fail(Exception exception, List<SealedChunk> chunks, List<PendingEvent> events, List<TaskCompletionSource> flushes)
    {
        _queue.Close();
        _queue.Wait(flushes, out _);
        SealInputs(chunks, last: true);
        _queue.Drain(chunks, events);
        foreach (var chunk in chunks)
        {
            chunk.Input.CountLost(chunk.Count);
            ArrayPool<RawSample>.Shared.Return(chunk.Buffer);
        }

        Interlocked.Add(ref _lostEvents, events.Count);
        _completion.SetException(exception);
        foreach (var flush in flushes)
            flush.SetException(exception);
    }
}
