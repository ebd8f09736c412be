using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Catbox.Policy.Rules;
using Catbox.Testing;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Real programs at real work: the same files and exit code inside as outside; and with one write outside, that one is refused and the rest done.</summary>
[Collection(BuildsCollection.Name)]
[Trait("Category", "Builds")]
public sealed class BuildTests(EngineFixture engine)
{
    private static readonly ImmutableDictionary<string, string?> s_plain =
        ImmutableDictionary<string, string?>.Empty.Add("LC_ALL", "C").Add("MAKEFLAGS", "").Add("OUTSIDE", "");

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_C_project_is_built_as_outside(int jobs)
    {
        using var input = CProject(jobs);
        (await input.RunBothAsync(engine)).HasNoViolations();
    }

    [SkippableFact]
    public async Task A_C_project_that_writes_outside_once_is_built_all_the_same()
    {
        using var input = CProject(jobs: 1);
        var run = await input.RunBothAsync(engine, input.Scratch.Out("log"));
        OnlyWasRefused(run, input.Scratch.Out("log"));
    }

    [SkippableFact]
    public async Task A_shell_script_with_pipelines_does_as_outside()
    {
        using var input = Script();
        (await input.RunBothAsync(engine)).HasNoViolations();
    }

    [SkippableFact]
    public async Task A_shell_script_that_writes_outside_once_does_the_rest()
    {
        using var input = Script(varies: static line => line.StartsWith("work/outside", StringComparison.Ordinal) || line.StartsWith("work d", StringComparison.Ordinal));
        var run = await input.RunBothAsync(engine, input.Scratch.Out("log"));
        OnlyWasRefused(run, input.Scratch.Out("log"));
        Assert.Equal("refused\n", File.ReadAllText(Path.Combine(input.Work, "work/outside")));
    }

    [SkippableFact]
    public async Task A_python_script_does_as_outside()
    {
        using var input = PythonScript();
        (await input.RunBothAsync(engine)).HasNoViolations();
    }

    [SkippableFact]
    public async Task A_python_script_that_writes_outside_once_does_the_rest()
    {
        using var input = PythonScript();
        var run = await input.RunBothAsync(engine, input.Scratch.Out("log"));
        OnlyWasRefused(run, input.Scratch.Out("log"));
        Assert.Contains("refused", run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_git_clone_of_a_local_repository_is_as_outside()
    {
        using var input = GitClone("--no-hardlinks");
        (await input.RunBothAsync(engine)).HasNoViolations();
    }

    [SkippableFact]
    public async Task A_git_clone_whose_hook_writes_outside_once_is_made_all_the_same()
    {
        using var input = GitClone("--no-hardlinks");
        var run = await input.RunBothAsync(engine, input.Scratch.Out("log"));
        OnlyWasRefused(run, input.Scratch.Out("log"));
    }

    [SkippableFact]
    public async Task A_git_clone_that_would_link_the_objects_of_another_repository_copies_them()
    {
        // A second name inside for a file outside would make it writable: link(2) is refused, and git falls back.
        Tools.Need("git");
        using var scratch = new Scratch();
        Unconfined.Run("/bin/sh", ["-c", GitScript], scratch.Outside, Git).Succeeded();
        var spec = EngineFixture.Command(scratch, "git", "clone", scratch.Out("origin"), "copy") with { Environment = Git.ForGuest() };
        var run = (await engine.RunAsync(spec)).Succeeded();
        Assert.NotEmpty(run.Result.Violations);
        Assert.All(run.Result.Violations, v => Assert.StartsWith("link", v.Operation, StringComparison.Ordinal));
        Assert.All(run.Result.Violations, v => Assert.StartsWith(scratch.Out("origin"), v.ResolvedText, StringComparison.Ordinal));
        Unconfined.Run("git", ["-C", scratch.In("copy"), "fsck", "--strict"], environment: Git).Succeeded();
    }

    [SkippableFact]
    public async Task An_archive_is_unpacked_as_outside()
    {
        using var input = Archive();
        (await input.RunBothAsync(engine)).HasNoViolations();
    }

    [SkippableFact]
    public async Task An_archive_with_one_member_outside_is_unpacked_but_for_that_member()
    {
        Tools.Need("tar");
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch.Out("source"));
        MakeTree(scratch.Out("source"));
        Scratch.MakeFile(scratch.Out("member"), "evil");
        Unconfined.Run("tar", ["-c", "-P", "-f", scratch.Out("archive.tar"), "-C", scratch.Out("source"), "first", scratch.Out("member"), "last"]).Succeeded();
        File.Delete(scratch.Out("member"));
        var run = (await engine.RunCommandAsync(scratch, "tar", "-x", "-P", "-f", scratch.Out("archive.tar"))).ExitedWith(2);
        run.HasViolations(run.Result.Violations.Length, run.Result.Violations[0].Operation, scratch.Out("member"));
        Assert.Equal("first", File.ReadAllText(scratch.In("first")));
        Assert.Equal("last", File.ReadAllText(scratch.In("last")));
        Assert.False(File.Exists(scratch.Out("member")));
    }

    [SkippableFact]
    public async Task A_dotnet_project_is_built_as_outside()
    {
        using var input = DotnetApp();
        (await input.RunBothAsync(engine)).HasNoViolations();
        var program = Unconfined.Run("dotnet", [Path.Combine(input.Work, "out/dotnetapp.dll"), "catbox"], environment: input.Environment);
        Assert.Equal("Hello, catbox.\n", program.Succeeded().Output);
    }

    [SkippableFact]
    public async Task A_dotnet_project_that_writes_outside_once_is_built_all_the_same()
    {
        using var input = DotnetApp();
        var run = await input.RunBothAsync(engine, input.Scratch.Out("log"));
        OnlyWasRefused(run, input.Scratch.Out("log"));
    }

    [SkippableFact]
    public async Task A_build_under_collect_only_is_not_held_up_at_all()
    {
        using var input = CProject(jobs: 2);
        input.Prepare(input.Work);
        var spec = EngineFixture.Command(input.Scratch, [.. input.Command.Select(GuestString.FromString)]) with
        {
            WorkingDirectory = input.Work,
            Environment = input.Environment.SetItem("OUTSIDE", input.Scratch.Out("log")).ForGuest(),
            Policy = new SandboxPolicy { Writable = [Path.Combine(input.Work, "build")], OnViolation = OnViolation.Log },
        };
        (await engine.RunAsync(spec)).Succeeded().HasViolations(1, "openat", input.Scratch.Out("log"));
        Assert.Equal("built\n", File.ReadAllText(input.Scratch.Out("log")));
    }

    private static void OnlyWasRefused(GuestRun run, string path)
    {
        run.HasViolations(1, "openat", path);
        Assert.False(File.Exists(path));
    }

    private static RealInput CProject(int jobs)
    {
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);
        Tools.Need("make");
        return new RealInput { Prepare = RealInput.Fixture("cproject"), Command = ["make", $"-j{jobs}"], Environment = s_plain };
    }

    private static RealInput Script(Func<string, bool>? varies = null) => new()
    {
        Prepare = RealInput.Fixture("scripts"),
        Command = ["/bin/sh", "pipelines.sh"],
        Environment = s_plain,
        Varies = varies ?? (static _ => false),
    };

    private static RealInput PythonScript() => new()
    {
        Prepare = RealInput.Fixture("scripts"),
        Command = [Tools.Python(), "files.py"],
        Environment = s_plain.Add("PYTHONDONTWRITEBYTECODE", "1"),
    };

    private static RealInput Archive()
    {
        Tools.Need("tar");
        return new RealInput
        {
            Prepare = work =>
            {
                Directory.CreateDirectory(work);
                var source = Directory.CreateTempSubdirectory("catbox-tar-").FullName;
                MakeTree(source);
                Unconfined.Run("tar", ["-c", "-f", Path.Combine(work, "archive.tar"), "--mtime=2020-01-01", "--sort=name", "-C", source, "."]).Succeeded();
                Unconfined.Run("rm", ["-rf", source]).Succeeded(); // .NET cannot delete a name that is not UTF-8
            },
            Command = ["tar", "-x", "-p", "-f", "archive.tar"],
            Environment = s_plain,
        };
    }

    private static void MakeTree(string directory)
    {
        File.WriteAllText(Path.Combine(directory, "first"), "first");
        for (var i = 0; i < 200; i++)
        {
            var sub = Directory.CreateDirectory(Path.Combine(directory, $"d{i % 10}")).FullName;
            File.WriteAllText(Path.Combine(sub, $"f{i}"), new string((char)('a' + (i % 26)), i * 37));
        }

        File.CreateSymbolicLink(Path.Combine(directory, "link"), "d1/f1");
        File.CreateSymbolicLink(Path.Combine(directory, "dangling"), "/nonexistent");
        File.SetUnixFileMode(Path.Combine(directory, "d1/f1"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Unconfined.Run("/bin/sh", ["-c", "ln d2/f2 hard; mkfifo fifo; : > \"$(printf 'odd\\377name')\"; echo last > last; printf last > last"], directory).Succeeded();
    }

    private static RealInput GitClone(string option)
    {
        Tools.Need("git");
        return new RealInput
        {
            Prepare = work =>
            {
                Directory.CreateDirectory(work);
                Unconfined.Run("/bin/sh", ["-c", GitScript], work, Git).Succeeded();
            },
            Command = ["git", "clone", option, "--template", "template", "origin", "copy"],
            Environment = Git,
            // The index holds times and inode numbers, the logs times.
            Varies = static line => line.Contains("/.git/index:", StringComparison.Ordinal) || line.StartsWith("copy/.git/index", StringComparison.Ordinal)
                || line.StartsWith("copy/.git/logs/", StringComparison.Ordinal),
        };
    }

    private static ImmutableDictionary<string, string?> Git { get; } = s_plain
        .Add("GIT_CONFIG_GLOBAL", "/dev/null").Add("GIT_CONFIG_NOSYSTEM", "1").Add("GIT_TERMINAL_PROMPT", "0")
        .Add("GIT_AUTHOR_NAME", "A").Add("GIT_AUTHOR_EMAIL", "a@example.org").Add("GIT_AUTHOR_DATE", "2020-01-01T00:00:00Z")
        .Add("GIT_COMMITTER_NAME", "A").Add("GIT_COMMITTER_EMAIL", "a@example.org").Add("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z");

    private const string GitScript = """
        set -e
        mkdir -p template/hooks
        printf '#!/bin/sh\ntest -z "$OUTSIDE" || echo built > "$OUTSIDE" || true\n' > template/hooks/post-checkout
        chmod 755 template/hooks/post-checkout
        git init -q -b main origin
        cd origin
        for i in 1 2 3 4 5; do
            mkdir -p "d$i"
            i2=0
            while [ $i2 -lt 20 ]; do echo "file $i $i2" > "d$i/f$i2"; i2=$((i2 + 1)); done
            ln -s "d$i/f1" "link$i"
            git add .
            git commit -q -m "commit $i"
        done
        git gc -q
        """;

    private static RealInput DotnetApp()
    {
        Tools.Need("dotnet");
        return new RealInput
        {
            Prepare = work =>
            {
                RealInput.Fixture("dotnetapp")(work);
                Directory.CreateDirectory(Path.Combine(work, "home"));
            },
            Command =
            [
                "/bin/sh", "-c",
                "HOME=$PWD/home DOTNET_CLI_HOME=$PWD/home NUGET_PACKAGES=$PWD/home/packages exec dotnet build -c Release -o out -nologo -v quiet "
                    + "-nodeReuse:false -p:UseSharedCompilation=false -p:UseAppHost=false",
            ],
            Environment = s_plain.Add("DOTNET_CLI_TELEMETRY_OPTOUT", "1").Add("DOTNET_NOLOGO", "1").Add("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false")
                .Add("DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK", "1").Add("MSBUILDDISABLENODEREUSE", "1").Add("MSBuildSDKsPath", null)
                .Add("MSBUILD_EXE_PATH", null).Add("MSBuildExtensionsPath", null).Add("DOTNET_HOST_PATH", null),
            // The SDK tries whether it may write beside itself.
            Silent = [Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."))],
            AlsoWritable = ["/tmp/.dotnet"], // the runtime's named mutexes, wherever TMPDIR leads
            Varies = static line => line.StartsWith("home", StringComparison.Ordinal),
        };
    }
}
