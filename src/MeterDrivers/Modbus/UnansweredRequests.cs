namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// The requests of a serial bus whose answers never came: RTU frames carry no number, and a frame that fits one of these and not the
/// request at hand is a late answer, no stranger's. Bounded in number and in time; the oldest goes first.
/// </summary>
internal sealed class UnansweredRequests(TimeProvider time)
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30);

    private readonly (ModbusRequest Request, long Since)[] _requests = new (ModbusRequest, long)[8];
    private int _count;

    /// <summary>Keeps a request that timed out.</summary>
    public void Add(ModbusRequest request)
    {
        if (_count == _requests.Length)
            RemoveAt(0);
        _requests[_count++] = (request, time.GetTimestamp());
    }

    /// <summary>Whether a frame answers one of them, which is then forgotten.</summary>
    public bool Take(byte unit, ReadOnlySpan<byte> pdu)
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            if (time.GetElapsedTime(_requests[i].Since) > Forgotten)
            {
                RemoveAt(i);
            }
            else if (_requests[i].Request.IsAnsweredBy(unit, pdu))
            {
                RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets all: the line was opened anew.</summary>
    public void Clear() => _count = 0;

    private void RemoveAt(int index)
    {
        _count--;
        Array.Copy(_requests, index + 1, _requests, index, _count - index);
    }
}
