using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Catbox.Policy.Rules;
using Xunit;

namespace Catbox.Runtime.Specs.Architecture;

/// <summary>Host uses Runtime uses Policy; Policy uses nobody and does nothing but think.</summary>
public sealed partial class LayeringTests
{
    [Theory]
    [InlineData("Catbox.Policy", "")]
    [InlineData("Catbox.Runtime", "Catbox.Policy")]
    [InlineData("Catbox.Host", "Catbox.Runtime")]
    public void A_project_references_only_the_room_below_it(string project, string below)
    {
        var document = XDocument.Load(Path.Combine(SourceTree.Root, "src", project, project + ".csproj"));
        var references = document.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Equal(below.Length == 0 ? [] : [below], references);
    }

    [Fact]
    public void The_compiled_policy_references_no_actor_library_and_no_runtime()
    {
        var references = typeof(SandboxPolicy).Assembly.GetReferencedAssemblies().Select(name => name.Name!);
        Assert.DoesNotContain(references, name => name.StartsWith("Akka", StringComparison.Ordinal) || name == "Catbox.Runtime");
    }

    [Fact]
    public void The_compiled_runtime_does_not_know_the_host_or_its_libraries()
    {
        var references = typeof(SandboxSpec).Assembly.GetReferencedAssemblies().Select(name => name.Name!);
        Assert.DoesNotContain(references, name => name is "catbox" or "Spectre.Console" or "System.CommandLine"
            || name.StartsWith("Serilog", StringComparison.Ordinal));
    }

    [Fact]
    public void The_policy_names_no_actor_and_no_room_above_it()
    {
        Assert.DoesNotContain(SourceTree.Files("src/Catbox.Policy"), file => RoomsAbove().IsMatch(SourceTree.Code(file)));
    }

    [Fact]
    public void The_policy_starts_no_process_and_opens_no_file_outside_the_reader_of_policy_files()
    {
        var doing = SourceTree.Files("src/Catbox.Policy")
            .Where(file => !file.StartsWith("src/Catbox.Policy/Files/", StringComparison.Ordinal))
            .Where(file => InputOutput().IsMatch(SourceTree.Code(file)));
        Assert.Empty(doing);
    }

    [Fact]
    public void The_policy_has_no_type_with_pointers()
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var pointers = typeof(SandboxPolicy).Assembly.GetTypes()
            .Where(type => !type.FullName!.Contains('<', StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(all))
            .Where(field => field.FieldType.IsPointer || field.FieldType.IsFunctionPointer)
            .Select(field => $"{field.DeclaringType}.{field.Name}");
        Assert.Empty(pointers);
    }

    [Theory]
    [InlineData("src/Catbox.Host")]
    [InlineData("src/Catbox.Runtime")]
    public void The_program_leaves_the_terminal_and_its_signals_to_the_guest(string project)
    {
        // The first use of any of these has the runtime handle SIGCONT, SIGCHLD and SIGWINCH, and set the terminal's modes.
        Assert.DoesNotContain(SourceTree.Files(project), file => OnTheTerminal().IsMatch(SourceTree.Code(file)));
    }

    [Theory]
    [InlineData("src/Catbox.Runtime/Native", "Tracing|Launching|Actors|Hosting")]
    [InlineData("src/Catbox.Runtime/Tracing", "Actors|Hosting")]
    [InlineData("src/Catbox.Runtime/Launching", "Actors|Hosting")]
    [InlineData("src/Catbox.Runtime/Actors", "Hosting")]
    public void A_room_of_the_runtime_looks_only_downwards(string room, string above)
    {
        if (!Directory.Exists(Path.Combine(SourceTree.Root, room)))
        {
            return; // a room that was never opened looks nowhere
        }

        var upwards = new Regex($@"\bCatbox\.Runtime\.({above})\b", RegexOptions.None, TimeSpan.FromSeconds(5));
        Assert.DoesNotContain(SourceTree.Files(room), file => upwards.IsMatch(SourceTree.Code(file)));
    }

    [GeneratedRegex(@"\bConsole\s*\.\s*[A-Z]|\bPosixSignalRegistration\b|\bProcess\s*\.\s*Start\b|new\s+Process\b")]
    private static partial Regex OnTheTerminal();

    [GeneratedRegex(@"\b(Akka|Catbox\.Runtime|Catbox\.Host)\b")]
    private static partial Regex RoomsAbove();

    [GeneratedRegex(@"\b(File|Directory|FileStream|StreamReader|StreamWriter|Process|Socket|Console|Environment)\s*\.\s*[A-Z]|new\s+(FileStream|StreamReader|StreamWriter|Socket|FileInfo|DirectoryInfo)\b")]
    private static partial Regex InputOutput();
}
