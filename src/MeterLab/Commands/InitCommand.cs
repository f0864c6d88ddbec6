using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Measurement;

namespace MeterLab.Cli.Commands;

/// <summary><c>init DIR</c>: a commented rig file and an example campaign. Overwrites nothing.</summary>
internal static class InitCommand
{
    private static readonly (string Resource, string Path)[] Files =
    [
        ("rig.yaml", "rig.yaml"),
        ("campaign.yaml", "campaigns/example.yaml"),
    ];

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var folder = new Argument<string>("DIR") { Description = "the folder to write them into; it is made where it is missing" };
        var command = new Command("init", "writes a commented rig file and an example campaign") { folder };
        return host.Acting(command, (arguments, session, _) => Task.FromResult(Run(arguments.GetRequiredValue(folder), session)));
    }

    private static int Run(string folder, Session session)
    {
        var files = Files.Select(file => (file.Resource, Path: Path.Combine(folder, file.Path))).ToList();
        if (files.FirstOrDefault(file => File.Exists(file.Path)).Path is { } existing)
            throw new ConfigurationException("this file is there already and is not overwritten; choose another folder", existing);
        var output = session.Stream();
        foreach (var (resource, path) in files)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                using var source = typeof(InitCommand).Assembly.GetManifestResourceStream("Templates/" + resource)!;
                // CreateNew: a file that appeared meanwhile is not overwritten either.
                using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
                source.CopyTo(target);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ConfigurationException($"the file cannot be written: {e.Message}", path, inner: e);
            }

            output.WriteLine(path);
        }

        session.Note($"next: meterlab check --rig {files[0].Path}");
        return ExitCode.Success;
    }
}
