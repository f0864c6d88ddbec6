using System.Data;
using System.Text.Json;
using System.Text.Json.Serialization;

using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Samples;

using Dapper;

namespace MeterLab.Storage;

/// <summary>How the vocabulary's own types lie in the store: descriptions and maps as JSON, clocks by name.</summary>
internal static class StoreJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        // Names, not numbers: an enum that grows in the middle must not change what old rows mean.
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw new StoreException(StoreFailure.Corrupt, $"A stored {typeof(T).Name} cannot be read ({exception.Message}).", exception);
        }
    }

    /// <summary>Tells Dapper about the types. It keeps such knowledge for the whole process; this project is its only user.</summary>
    public static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new JsonHandler<TraceDescription>());
        SqlMapper.AddTypeHandler(new JsonHandler<ClockMap>());
        SqlMapper.AddTypeHandler(new ClockIdHandler());
    }

    private sealed class JsonHandler<T> : SqlMapper.TypeHandler<T>
    {
        public override T Parse(object value) => Read<T>((string)value);

        public override void SetValue(IDbDataParameter parameter, T? value) => parameter.Value = Write(value);
    }

    private sealed class ClockIdHandler : SqlMapper.TypeHandler<ClockId>
    {
        public override ClockId Parse(object value) => new((string)value);

        public override void SetValue(IDbDataParameter parameter, ClockId value) => parameter.Value = value.Name;
    }
}
