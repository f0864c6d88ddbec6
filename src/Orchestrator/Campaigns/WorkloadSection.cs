using MeterLab.Configuration;
using MeterLab.Estimators;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>Reads <c>workloads:</c> of a campaign file.</summary>
internal static class WorkloadSection
{
    // A run is called after its workload, with a number behind it, and must still be a name.
    private const int MaxNameLength = Names.MaxLength - 8;

    internal static IReadOnlyList<Workload> Read(ConfigNode node)
    {
        var workloads = new List<Workload>();
        foreach (var item in node.AsList())
        {
            var workload = ReadWorkload(item);
            if (workloads.Any(other => other.Name == workload.Name))
                throw item.Error($"the workload '{workload.Name}' stands twice; a name may stand only once");
            workloads.Add(workload);
        }

        return workloads.Count > 0 ? workloads : throw node.Error("a campaign needs at least one workload");
    }

    private static Workload ReadWorkload(ConfigNode node)
    {
        var map = node.AsMap("name", "run", "script", "parameters", "device", "upload", "timeout");
        var name = map.Require("name");
        if (name.AsName().Length > MaxNameLength)
            throw name.Error($"the name is too long; at most {MaxNameLength} letters");
        var run = map.Find("run");
        var script = map.Find("script");
        if (run is null == script is null)
            throw node.Error("a workload has either 'run', a list of program and arguments, or 'script', the text of a shell script");
        var parameters = map.Find("parameters") is { } given ? ReadParameters(given) : [];
        return new Workload
        {
            Name = name.AsName(),
            Command = run is null ? null : ReadCommand(run, parameters),
            Script = script is null ? null : ReadScript(script, parameters),
            Parameters = parameters,
            Device = map.Find("device")?.AsOneOf("cpu", "gpu", "all") switch
            {
                "cpu" => Device.Cpu,
                "gpu" => Device.Gpu,
                "all" => Device.All,
                _ => null,
            },
            Uploads = ReadUploads(map),
            Timeout = map.Find("timeout")?.AsPositiveTime() ?? TimeSpan.FromHours(1),
        };
    }

    private static List<WorkloadParameter> ReadParameters(ConfigNode node)
    {
        var parameters = new List<WorkloadParameter>();
        foreach (var (name, values) in node.AsAnyMap().Entries)
        {
            if (!Names.IsName(name) || !char.IsAsciiLetterLower(name[0]))
                throw values.Error($"'{name}' is no name of a parameter: lower-case letters, digits and hyphens, starting with a letter");
            var texts = values.AsList().Select(value => value.AsText()).ToList();
            if (texts.Count == 0)
                throw values.Error("a parameter needs at least one value");
            if (texts.Distinct().Count() != texts.Count)
                throw values.Error("a value stands twice; use repetitions to run the same thing again");
            parameters.Add(new WorkloadParameter(name, texts));
        }

        return parameters;
    }

    private static List<string> ReadCommand(ConfigNode node, List<WorkloadParameter> parameters)
    {
        var items = node.AsList();
        if (items.Count == 0)
            throw node.Error("a program is wanted here, with its arguments: [./classify.sh, --model, \"{model}\"]");
        var known = parameters.Select(parameter => parameter.Name).ToArray();
        var command = new List<string>();
        foreach (var item in items)
        {
            var argument = item.AsArgument();
            if (argument.Contains('\0', StringComparison.Ordinal))
                throw item.Error("an argument cannot contain a zero byte");
            foreach (var name in CommandTemplate.Placeholders(argument).Where(name => !known.Contains(name)))
            {
                var hint = known.Length == 0 ? "this workload has no parameters" : Nearest.Suggest(name, known);
                throw item.Error($"there is no parameter '{name}'; {hint} (write {{{{{name}}}}} where {{{name}}} is meant literally)");
            }

            command.Add(argument);
        }

        return command;
    }

    private static string ReadScript(ConfigNode node, List<WorkloadParameter> parameters)
    {
        var text = node.AsText();
        foreach (var parameter in parameters.Where(parameter => HasPlaceholder(text, parameter.Name)))
        {
            throw node.Error($"nothing is filled into a script; the parameter is its variable: "
                + $"write \"${EnvironmentName(parameter.Name)}\" instead of {{{parameter.Name}}}");
        }

        return text;
    }

    // ${model} is the shell's own way to write the variable.
    private static bool HasPlaceholder(string text, string name)
    {
        var mark = $"{{{name}}}";
        for (var at = text.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(mark, at + 1, StringComparison.Ordinal))
        {
            if (at == 0 || text[at - 1] != '$')
                return true;
        }

        return false;
    }

    /// <summary>The environment variable of a parameter: its name, with underscores for the hyphens that a shell does not take.</summary>
    internal static string EnvironmentName(string parameter) => parameter.Replace('-', '_');

    private static List<UploadFile> ReadUploads(ConfigMap map)
    {
        var uploads = new List<UploadFile>();
        foreach (var item in map.List("upload"))
        {
            var text = item.AsText();
            var local = FilePaths.Beside(item.File, text);
            var remote = Path.IsPathRooted(text) || text.StartsWith('~') ? Path.GetFileName(local) : Normalise(text);
            if (remote.Length == 0 || remote.Split('/').Contains(".."))
                throw item.Error($"'{text}' would leave the run's folder on the target; give a path below the campaign file, or an absolute one");
            if (!File.Exists(local))
                throw item.Error($"there is no file {local}");
            if (uploads.Any(other => other.RemotePath == remote))
                throw item.Error($"'{remote}' stands twice");
            uploads.Add(new UploadFile(local, remote));
        }

        return uploads;
    }

    private static string Normalise(string path) => string.Join('/', path.Split('/').Where(part => part is not ("" or ".")));
}
