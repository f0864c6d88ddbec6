using System.Globalization;

namespace MeterLab.MeterDrivers.Tests.Peers;

/// <summary>A pymodbus server of the tests' own register tables, and what they say that each meter shows.</summary>
internal sealed class RegisterTables : IDisposable
{
    private readonly List<Table> _tables = [];
    private readonly string _wire;
    private ModbusPeer? _peer;

    private RegisterTables(string wire) => _wire = wire;

    /// <summary>The tables, in the order of the file; a model may have several, for several options.</summary>
    public IReadOnlyList<Table> Tables => _tables;

    /// <summary>Starts the server on <c>tcp</c>, <c>rtu-tcp</c> or a serial device; <c>dump</c> only tells what is in the tables.</summary>
    public static async Task<RegisterTables> StartAsync(string wire, CancellationToken cancellationToken, params string[] models)
    {
        var tables = new RegisterTables(wire);
        tables._peer = await ModbusPeer.StartTablesAsync(wire, models, tables.Take, cancellationToken);
        return tables;
    }

    /// <summary>The address of a table's meter on the wire; <paramref name="device"/> is the client's end of a serial line.</summary>
    public string AddressOf(Table table, string? device = null, string options = "")
    {
        // The peers' machines may be busy; their answers are right, not fast.
        var query = $"?model={table.Model}&timeout=10s{table.Options}{options}";
        return device is not null ? $"modbus-rtu://{device}/{table.Unit}{query}"
            : string.Create(CultureInfo.InvariantCulture, $"modbus-{_wire}://127.0.0.1:{_peer!.Port}/{table.Unit}{query}");
    }

    public void Dispose() => _peer?.Dispose();

    private void Take(string line)
    {
        var parts = line.Split(' ');
        if (parts[0] == "meter")
            _tables.Add(new Table(Number(parts[1]), parts[2], parts[3]));
        else if (parts[0] == "register")
            _tables[^1].Registers.Add((Number(parts[2]), Number(parts[3]), (ushort)Number(parts[4])));
        else if (parts[0] == "serial")
            _tables[^1].Serial = parts[2].Length == 0 ? null : parts[2];
        else
            _tables[^1].Values.Add((parts[2], parts[3]), double.Parse(parts[4], CultureInfo.InvariantCulture));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>One meter of the tables.</summary>
    public sealed record Table(int Unit, string Model, string Options)
    {
        public string? Serial { get; set; }

        /// <summary>The registers, for another server; empty unless the wire is "dump".</summary>
        public List<(int Table, int Address, ushort Value)> Registers { get; } = [];

        /// <summary>What each channel shows of each quantity, SI units.</summary>
        public Dictionary<(string Channel, string Quantity), double> Values { get; } = [];
    }
}
