using System.Xml.Linq;

using MeterLab.TestKit;

namespace MeterLab.EndToEnd.Tests;

public class DependencyTests
{
    // Arrows point the way data flows; a project may use what stands here and nothing else.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Measurement"] = [],
        ["Configuration"] = ["Measurement"],
        ["MeterDrivers"] = ["Measurement", "Configuration"],
        ["Estimators"] = ["Measurement", "Configuration"],
        ["Storage"] = ["Measurement"],
        ["Orchestrator"] = ["Measurement", "Configuration", "MeterDrivers", "Estimators", "Storage"],
        ["VirtualRig"] = ["Measurement", "Configuration", "MeterDrivers", "Orchestrator"],
        ["MeterLab"] = ["Measurement", "Configuration", "MeterDrivers", "Estimators", "Storage", "Orchestrator", "VirtualRig"],
    };

    [Fact]
    public void Dependencies_lead_one_way()
    {
        var projects = Directory.GetFiles(RepositoryFiles.Path("src"), "*.csproj", SearchOption.AllDirectories);
        Assert.Equal(Allowed.Keys.Order(), projects.Select(Path.GetFileNameWithoutExtension).Order());
        foreach (var project in projects)
        {
            var uses = XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
            Assert.Empty(uses.Except(Allowed[Path.GetFileNameWithoutExtension(project)]));
        }
    }

    [Theory]
    [InlineData("using Quartz", "src/Orchestrator/Scheduling", "src/Orchestrator/Campaigns/ScheduleSection.cs")]
    [InlineData("using Dapper", "src/Storage", "")]
    [InlineData("using Microsoft.Data.Sqlite", "src/Storage", "")]
    [InlineData("using Renci.SshNet", "src/Orchestrator/Targets", "")]
    [InlineData("using Spectre.Console", "src/MeterLab", "")]
    [InlineData("using YamlDotNet", "src/Configuration", "")]
    public void A_library_is_named_in_one_place(string import, string home, string also)
    {
        var strangers = Directory.EnumerateFiles(RepositoryFiles.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadLines(file).Any(line => line.StartsWith(import, StringComparison.Ordinal)))
            .Select(file => Path.GetRelativePath(RepositoryFiles.Root, file))
            .Where(file => !file.StartsWith(home, StringComparison.Ordinal) && file != also);
        Assert.Empty(strangers);
    }

    [Fact]
    public void Nothing_below_the_program_knows_a_screen()
    {
        var strangers = Directory.EnumerateFiles(RepositoryFiles.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/src/MeterLab/", StringComparison.Ordinal))
            .Where(file => File.ReadLines(file).Any(line => line.Contains("Console.Write", StringComparison.Ordinal) || line.Contains("Console.Error", StringComparison.Ordinal)));
        Assert.Empty(strangers);
    }
}
