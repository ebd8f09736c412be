namespace Catbox.Runtime.LinuxTests.Callers;

/// <summary>Where catbox was started: a directory that is gone, has no text for a name, cannot be named in one piece or not be reached from above. And paths of the command line, which are bytes.</summary>
[Trait("Category", "Ptrace")]
public sealed class WorkingDirectoryTests
{
    private const string Writes = "sh -c 'echo hi >f; cat f; rm f'";

    [SkippableTheory]
    [InlineData("version", 0)]
    [InlineData("doctor", 0)]
    [InlineData("syscalls", 0)]
    [InlineData("help", 0)]
    [InlineData("canonical /etc/passwd", 0)]
    [InlineData("run -- true", 0)]
    [InlineData("run -p /tmp -- sh -c 'exit 7'", 7)]
    [InlineData("run --explain -p /tmp", 0)]
    [InlineData("run --chdir / -- pwd", 0)]
    [InlineData("run -p . -- true", 125)]
    [InlineData("run -p x/y -- true", 125)]
    [InlineData("run --report r -- true", 125)]
    public void Every_command_lives_in_a_directory_that_was_removed(string command, int code)
    {
        using var caller = new Caller();
        var run = caller.Run($"mkdir gone; cd gone; rmdir ../gone; $catbox {command} >/dev/null");
        Assert.Equal(code, command == "doctor" ? 0 : run.Code);
        Assert.DoesNotContain("xception", run.Error, StringComparison.Ordinal);
        Assert.Equal(code == 125, run.Error.Contains("catbox: ", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_that_is_not_UTF8_may_be_allowed(bool ordinary)
    {
        using var caller = new Caller(ordinary);
        var run = caller.Run($"$user mkdir $'d\\xe4'; cd $'d\\xe4'; $user {Writes}; for p in . \"$PWD\" ./ '*' f; do $catbox run -p \"$p\" -- {Writes}; done");
        Assert.Equal(["hi", "hi", "hi", "hi", "hi", "hi"], run.OutputLines);
        Assert.Empty(run.Error);
    }

    [SkippableTheory]
    [InlineData(false, "auto")]
    [InlineData(true, "auto")]
    [InlineData(false, "off")]
    public void One_that_is_deeper_than_PATH_MAX_may_be_allowed(bool ordinary, string landlock)
    {
        using var caller = new Caller(ordinary);
        var run = caller.Run($$"""
            d=$(printf 'd%.0s' $(seq 200)); for i in $(seq 25); do $user mkdir $d; cd ./$d; done 2>/dev/null
            $user {{Writes}}; $catbox run --landlock {{landlock}} -p . -- {{Writes}}; $catbox run --landlock {{landlock}} -p $in -- {{Writes}}
            $catbox run --landlock {{landlock}} -- {{Writes}} 2>/dev/null; $catbox version >/dev/null; echo $?
            """);
        Assert.Equal(["hi", "hi", "hi", "0"], run.OutputLines);
    }

    [SkippableFact]
    public void One_below_a_directory_that_may_not_be_searched_may_be_allowed()
    {
        using var caller = new Caller(ordinary: true);
        var run = caller.Run($"mkdir -p shut/own; chown 65534 shut/own; cd shut/own; chmod 700 ..; chown 0 ..; $user {Writes}; $catbox run -p . -- {Writes}");
        Assert.Equal(["hi", "hi"], run.OutputLines);
    }

    [SkippableFact]
    public void One_that_may_not_be_searched_itself_runs_what_it_would_outside()
    {
        using var caller = new Caller(ordinary: true);
        Assert.Equal(["0", "0"], caller.Run("mkdir shut; cd shut; chmod 0 .; chown 0 .; $user true; echo $?; $catbox run -- true; echo $?").OutputLines);
    }

    [SkippableTheory]
    [InlineData("--report $'r\\xff'", "ls $'r\\xff' | wc -l", "1")]
    [InlineData("--chdir $'d\\xff' -p $'d\\xff'", "ls $'d\\xff'", "made")]
    [InlineData("-p . --policy $'p\\xff.toml'", "ls made", "made")]
    public void Other_paths_of_the_command_line_are_bytes_too(string options, string look, string shown)
    {
        using var caller = new Caller();
        var run = caller.Run($"mkdir $'d\\xff'; echo 'strict = false' >$'p\\xff.toml'; $catbox run {options} -- sh -c 'touch made 2>/dev/null; exit 0' 2>err || cat err; {look}");
        Assert.Equal([shown], run.OutputLines);
    }

    [SkippableFact]
    public void A_denied_path_that_is_not_UTF8_is_denied()
    {
        using var caller = new Caller();
        var run = caller.Run("mkdir $'n\\xff'; $catbox run -p . --deny-write $'n\\xff' -- touch $'n\\xff/f' ok; ls $'n\\xff' ok");
        Assert.Contains(@"n\xff/f: refused (EACCES)", run.Error, StringComparison.Ordinal);
        Assert.Equal(["ok"], run.OutputLines.Where(static l => l.Length > 0 && !l.EndsWith(':')));
    }

    [SkippableFact]
    public void A_path_whose_directory_is_missing_is_said_at_the_start()
    {
        using var caller = new Caller();
        var run = caller.Run("$catbox run -p none/file -p . -- true; $catbox run -p $out/none/file -- true; $catbox run -q -p $out/none/file -- true");
        Assert.Equal($"catbox: {caller.Scratch.Out("none/file")} may be written, and allows nothing: its directory does not exist. Make it first, or allow a directory above it\n", run.Error);
    }
}
