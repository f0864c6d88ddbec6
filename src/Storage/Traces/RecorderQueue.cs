namespace MeterLab.Storage.Traces;

/// <summary>What waits for the recorder's writer: sealed chunks and events, both bounded, and requests to seal what is open.</summary>
internal sealed class RecorderQueue(int chunkCapacity, int eventCapacity)
{
    private readonly object _gate = new();
    private readonly Queue<SealedChunk> _chunks = new(chunkCapacity);
    private readonly Queue<PendingEvent> _events = new();
    private readonly List<TaskCompletionSource> _flushes = [];
    private bool _sealRequested;
    private bool _closed;

    /// <summary>Whether a chunk would be taken now.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_gate)
                return !_closed && _chunks.Count < chunkCapacity;
        }
    }

    /// <summary>Adds a chunk; false where the queue is full or closed.</summary>
    public bool TryAdd(in SealedChunk chunk)
    {
        lock (_gate)
        {
            if (_closed || _chunks.Count >= chunkCapacity)
                return false;
            _chunks.Enqueue(chunk);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Adds an event; false where the queue is full or closed.</summary>
    public bool TryAdd(PendingEvent pending)
    {
        lock (_gate)
        {
            if (_closed || _events.Count >= eventCapacity)
                return false;
            _events.Enqueue(pending);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Asks the writer to seal and commit everything that was accepted before; <paramref name="done"/> hears of it.</summary>
    public bool TryRequestSeal(TaskCompletionSource? done = null)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _sealRequested = true;
            if (done is not null)
                _flushes.Add(done);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Takes nothing more in. What is there is still handed out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>
    /// Waits for work. <paramref name="seal"/> says that open buffers are to be sealed; <paramref name="flushes"/> gets who waits for the
    /// next commit. False when closed: what is queued then is the last.
    /// </summary>
    public bool Wait(List<TaskCompletionSource> flushes, out bool seal)
    {
        lock (_gate)
        {
            while (!_closed && !_sealRequested && _chunks.Count == 0 && _events.Count == 0)
                Monitor.Wait(_gate);
            seal = _sealRequested || _closed;
            _sealRequested = false;
            flushes.AddRange(_flushes);
            _flushes.Clear();
            return !_closed;
        }
    }

    /// <summary>Moves out everything that is queued.</summary>
    public void Drain(List<SealedChunk> chunks, List<PendingEvent> events)
    {
        lock (_gate)
        {
            while (_chunks.TryDequeue(out var chunk))
                chunks.Add(chunk);
            while (_events.TryDequeue(out var pending))
                events.Add(pending);
        }
    }
}
