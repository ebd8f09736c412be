using System.Text.Json;

namespace Catbox.Runtime.LinuxTests.Callers;

/// <summary>What <c>--report</c> may be pointed at. Only a regular file is replaced; nothing that is not ours is deleted.</summary>
[Trait("Category", "Ptrace")]
public sealed class ReportTargetTests
{
    private static JsonElement Parsed(string text) => JsonDocument.Parse(text).RootElement;

    [SkippableFact]
    public void A_device_is_written_and_stays_a_device()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "a device node is made by root");
        using var caller = new Caller();
        var run = caller.Run("mknod null c 1 3 && $catbox run --report null -- true; echo $?; stat -c %F null; ls");
        Assert.Equal(["0", "character special file", "null"], run.OutputLines);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_null_device_swallows_it(bool ordinary)
    {
        using var caller = new Caller(ordinary);
        Assert.Equal(["0", "character special file"], caller.Run("$catbox run --report /dev/null -- true; echo $?; stat -c %F /dev/null").OutputLines);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_named_pipe_gives_it_to_its_reader_and_stays_one(bool ordinary)
    {
        using var caller = new Caller(ordinary);
        var run = caller.Run("$user mkfifo pipe; cat pipe >got & $catbox run --report pipe -- true; echo $?; wait; stat -c %F pipe");
        Assert.Equal(["0", "fifo"], run.OutputLines);
        Assert.Equal(0, Parsed(File.ReadAllText(caller.Scratch.In("got"))).GetProperty("exit").GetInt32());
    }

    [SkippableFact]
    public void A_named_pipe_that_nobody_reads_is_said_to_be_so()
    {
        using var caller = new Caller();
        var run = caller.Run("mkfifo pipe; $catbox run --report pipe -- true; echo $?; stat -c %F pipe");
        Assert.Equal(["125", "fifo"], run.OutputLines);
        Assert.EndsWith("pipe: nobody reads from this pipe\n", run.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_substituted_process_reads_it()
    {
        using var caller = new Caller();
        caller.Run("$catbox run --report >(cat >got) -- true; wait $!; until [ -s got ]; do :; done").Succeeded();
        Assert.Equal(0, Parsed(File.ReadAllText(caller.Scratch.In("got"))).GetProperty("exit").GetInt32());
    }

    [SkippableTheory]
    [InlineData("/dev/stdout")]
    [InlineData("/dev/fd/1")]
    [InlineData("/proc/self/fd/1")]
    [InlineData("link")]
    public void A_descriptor_is_written_where_it_stands(string name)
    {
        using var caller = new Caller();
        var run = caller.Run($"ln -s /dev/stdout link; echo before >to; $catbox run --report {name} -- echo guest >>to; cat to");
        Assert.StartsWith("before\nguest\n{", run.Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(0, Parsed(run.Output["before\nguest\n".Length..]).GetProperty("exit").GetInt32());
    }

    [SkippableTheory]
    [InlineData("/dev/fd/9", "9</dev/null")]
    [InlineData("/dev/stdout", "1>&-")]
    [InlineData("/dev/fd/9", "9>&-")]
    public void A_descriptor_that_cannot_be_written_is_said_before_anything_runs(string name, string redirection)
    {
        using var caller = new Caller();
        var run = caller.Run($"$catbox run -p . --report {name} -- touch ran {redirection}; echo $?; ls");
        Assert.Equal(["125"], run.OutputLines);
        Assert.StartsWith($"catbox: --report {name}: this descriptor is not open for writing", run.Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("there", false)]
    [InlineData("missing", false)]
    [InlineData("missing", true)]
    public void A_link_is_followed_and_stays(string target, bool ordinary)
    {
        using var caller = new Caller(ordinary);
        var run = caller.Run($"echo old >$out/there; chmod 666 $out/there; ln -s $out/{target} link; $catbox run --report link -- true; echo $?; readlink link; ls");
        Assert.Equal(["0", caller.Scratch.Out(target), "link"], run.OutputLines);
        Assert.Equal(0, Parsed(File.ReadAllText(caller.Scratch.Out(target))).GetProperty("exit").GetInt32());
    }

    [SkippableFact]
    public void Files_of_others_beside_it_stay_as_they_are()
    {
        using var caller = new Caller();
        var run = caller.Run("for n in x.new x.partial; do echo mine >$n; done; $catbox run -p . --report x -- touch $out/no; cat x.new x.partial; ls");
        Assert.Equal(["mine", "mine", "x", "x.new", "x.partial"], run.OutputLines);
        Assert.Contains("x.partial is not this run's; the violations so far are in ", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, Parsed(File.ReadAllText(caller.Scratch.In("x"))).GetProperty("violations").GetArrayLength());
    }

    [SkippableTheory]
    [InlineData("/nonexistent/program", 127)]
    [InlineData("/etc/passwd", 126)]
    [InlineData("--chdir=/etc/passwd true", 125)]
    [InlineData("--landlock=require --collect-only true", 125)]
    public void A_start_that_failed_leaves_nothing(string command, int code)
    {
        using var caller = new Caller();
        var separator = command.StartsWith('-') ? "" : "--";
        Assert.Equal([$"{code}"], caller.Run($"$catbox run --report x {separator} {command}; echo $?; ls").OutputLines);
    }

    [SkippableFact]
    public void The_mode_of_a_file_that_is_replaced_is_kept()
    {
        using var caller = new Caller();
        Assert.Equal(["600", "640"], caller.Run(
            "umask 077; $catbox run --report fresh -- true; echo >kept; chmod 640 kept; umask 022; $catbox run --report kept -- true; stat -c %a fresh kept").OutputLines);
    }

    [SkippableFact]
    public void A_file_in_a_directory_that_may_not_be_written_is_written_as_it_is()
    {
        using var caller = new Caller(ordinary: true);
        var run = caller.Run("echo a very much longer text >old; echo >>old; chown 65534 old; chown root .; chmod 755 .; $catbox run --report $in/old -- true; echo $?; ls");
        Assert.Equal(["0", "old"], run.OutputLines);
        Assert.Equal(0, Parsed(File.ReadAllText(caller.Scratch.In("old"))).GetProperty("exit").GetInt32());
        Assert.EndsWith("may not be written (EACCES); name a file in a directory that you may write\n", caller.Run("$catbox run --report $in/new -- true").Error.Split("usage")[0], StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_host_that_is_killed_leaves_every_violation_that_was_told_as_a_complete_line()
    {
        using var caller = new Caller();
        var run = caller.Run("""
            $catbox run -q --report x -- sh -c 'i=0; while [ $i -lt 20 ]; do touch '$out'/$i 2>/dev/null; i=$((i+1)); done; echo told; sleep 1000' >said &
            until grep -q told said 2>/dev/null; do :; done
            until [ "$(grep -c openat x.partial)" = 20 ]; do :; done
            kill -KILL $!; wait $! 2>/dev/null; ls; tail -c1 x.partial | od -An -c
            """);
        Assert.Equal(["said", "x.partial", "\\n"], run.OutputLines.Select(static l => l.Trim()));
        Assert.All(File.ReadAllLines(caller.Scratch.In("x.partial")), static line => Assert.Equal("refused", Parsed(line).GetProperty("outcome").GetString()));
    }

    [SkippableTheory]
    [InlineData("<(echo 'writable = [\"'$PWD'\"]')")]
    [InlineData("<(echo '{\"writable\": [\"'$PWD'\"]}')")]
    [InlineData("/dev/stdin <<<'writable = [\"'$PWD'\"]'")]
    public void A_policy_is_read_from_a_pipe(string policy)
    {
        using var caller = new Caller();
        var options = policy.Split(" <<<");
        var run = caller.Run($"$catbox run --policy {options[0]} -- touch made {(options.Length > 1 ? "<<<" + options[1] : "")}; ls");
        Assert.Equal(["made"], run.OutputLines);
    }
}
