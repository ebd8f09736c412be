namespace Catbox.Runtime.LinuxTests.Callers;

/// <summary>The private TMPDIR: where it is made, and that nothing of it stays.</summary>
[Trait("Category", "Ptrace")]
public sealed class TemporaryDirectoryTests
{
    [SkippableTheory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(200, false)]
    [InlineData(200, true)]
    public void Nothing_stays_of_it_whatever_the_guest_left_there(int depth, bool ordinary)
    {
        using var caller = new Caller(ordinary);
        Scratch.MakeFile(caller.Scratch.Out("precious"), "kept");
        var run = caller.Run($"export TMPDIR=$in/tmp; $user mkdir tmp; $catbox run -- {Guests.Build("leaves_tree")} {depth} $out; echo $?; ls -A tmp");
        Assert.Equal(["0"], run.OutputLines.Skip(1));
        Assert.StartsWith(caller.Scratch.In("tmp/catbox-"), run.OutputLines[0], StringComparison.Ordinal);
        Assert.Empty(run.Error);
        Assert.Equal("kept", File.ReadAllText(caller.Scratch.Out("precious")));
    }

    [SkippableFact]
    public void What_stays_is_said()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "an immutable file is made by root");
        using var caller = new Caller();
        var made = caller.Run("touch probe && chattr +i probe && chattr -i probe");
        Skip.If(made.Code != 0, "this file system has no immutable files");
        var run = caller.Run(
            "export TMPDIR=$in; $catbox run -- sh -c 'echo $TMPDIR; touch $TMPDIR/kept; touch $TMPDIR/made; read x' < <(until [ -e $in/catbox-*/made ]; do :; done; d=$(echo $in/catbox-*/kept); chattr +i $d; echo); chattr -i $in/catbox-*/kept");
        Assert.StartsWith($"catbox: the temporary directory {run.OutputLines[0]} stays: kept: EPERM", run.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void What_is_mounted_in_it_is_left_alone_and_said()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "mounting needs root");
        using var caller = new Caller();
        Scratch.MakeFile(caller.Scratch.Out("precious"), "kept");
        var run = caller.Run("""
            export TMPDIR=$in
            unshare -m bash -c '
                exec 8< <(:)
                mkfifo go; '"$catbox"' run -p $in -- sh -c "mkdir \$TMPDIR/m; echo ready; read x <go" &
                until [ -d '$in'/catbox-*/m ]; do :; done
                mount --bind '$out' '$in'/catbox-*/m; echo >go; wait $!'
            """);
        Skip.If(run.Error.Contains("unshare", StringComparison.Ordinal), "no mount namespaces here");
        Assert.Contains("stays: m: something is mounted there", run.Error, StringComparison.Ordinal);
        Assert.Equal("kept", File.ReadAllText(caller.Scratch.Out("precious")));
    }

    [SkippableTheory]
    [InlineData("$in/missing", "open: ENOENT")]
    [InlineData("/etc/passwd", "open: ENOTDIR")]
    [InlineData("/proc", "mkdir: ")]
    public void Where_it_cannot_be_made_one_line_says_where_and_why_and_what_to_do(string where, string why)
    {
        using var caller = new Caller();
        var run = caller.Run($"export TMPDIR={where}; $catbox run --report r -- true; echo $?; ls");
        Assert.Equal(["125"], run.OutputLines);
        var line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(where.Replace("$in", caller.Scratch.Inside, StringComparison.Ordinal), line, StringComparison.Ordinal);
        Assert.Contains(why, line, StringComparison.Ordinal);
        Assert.EndsWith("set TMPDIR to a directory that you may write, or do without (--no-private-tmp)", line, StringComparison.Ordinal);
        Assert.Equal(0, caller.Run($"export TMPDIR={where}; $catbox run --no-private-tmp -- true").Code);
    }

    [SkippableFact]
    public void One_that_may_not_be_written_is_said_to_an_ordinary_user()
    {
        using var caller = new Caller(ordinary: true);
        Assert.Contains("cannot be made in /usr: mkdir: EACCES", caller.Run("TMPDIR=/usr $catbox run -- true").Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("tmp")]
    [InlineData("./tmp/")]
    [InlineData("$in/link")]
    [InlineData("$'tmp/\\xff'")]
    public void It_works_where_TMPDIR_is_relative_or_a_link_or_not_UTF8(string where)
    {
        using var caller = new Caller();
        var run = caller.Run($"mkdir tmp $'tmp/\\xff'; ln -s tmp link; export TMPDIR={where}; $catbox run --chdir / -- sh -c 'echo x >$TMPDIR/file && cat $TMPDIR/file'; ls -A tmp");
        Assert.Equal("x", run.OutputLines[0]);
        Assert.Single(run.OutputLines[1..]);
        Assert.Empty(run.Error);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_next_start_sweeps_what_a_killed_host_left_and_nothing_else(bool ordinary)
    {
        using var caller = new Caller(ordinary);
        var leaves = Guests.Build("leaves_tree");
        var run = caller.Run($$"""
            export TMPDIR=$in/tmp; $user mkdir -m 755 tmp; cd tmp
            start() { $catbox run -- sh -c "$1; echo \$TMPDIR; exec sleep 1000" >$in/$2 & eval "$2=\$!"; until [ -s $in/$2 ]; do :; done; }
            start "{{leaves}} 150 $out >/dev/null" dead; start "chmod 0 \$TMPDIR" alive
            $user mkdir catbox-0123456789abcdeg catbox-0123456789abcde other 
            $user ln -s $out catbox-0123456789abcdef; $user touch catbox-00000000000000ff
            kill -KILL $dead; wait $dead 2>/dev/null
            $catbox run -- true; echo $?; ls -A; stat -c %a $(cat $in/alive)
            kill -KILL $alive; wait $alive 2>/dev/null; $catbox run -- true; ls -A | grep -c '^catbox-'
            """);
        var alive = Path.GetFileName(File.ReadAllText(caller.Scratch.In("alive")).Trim());
        var kept = (string[])["catbox-00000000000000ff", "catbox-0123456789abcde", "catbox-0123456789abcdef", "catbox-0123456789abcdeg", "other"];
        Assert.Equal(["0", .. kept.Append(alive).Order(StringComparer.Ordinal), "0", "4"], run.OutputLines);
    }

    [SkippableFact]
    public void A_directory_that_others_could_have_put_there_is_not_swept()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "a directory of another user is made by root");
        using var caller = new Caller();
        var run = caller.Run("mkdir tmp; chmod 777 tmp; export TMPDIR=$in/tmp; mkdir tmp/catbox-0123456789abcdef; $catbox run -- true; ls tmp; chmod 1777 tmp; $catbox run -- true; ls tmp");
        Assert.Equal(["catbox-0123456789abcdef"], run.OutputLines);
    }

    [SkippableFact]
    public void Many_hosts_that_start_at_once_have_a_directory_each()
    {
        using var caller = new Caller();
        var run = caller.Run("""
            mkdir tmp; export TMPDIR=$in/tmp
            for i in 1 2 3 4 5 6; do $catbox run -- sh -c 'echo x >$TMPDIR/f && cat $TMPDIR/f' & done; wait; ls -A tmp
            """);
        Assert.Equal(["x", "x", "x", "x", "x", "x"], run.OutputLines);
        Assert.Empty(run.Error);
    }

    [SkippableFact]
    public void A_guest_may_lock_its_own()
    {
        Tools.Need("flock", "util-linux");
        using var caller = new Caller();
        Assert.Equal("locked\n", caller.Run("$catbox run -- sh -c 'flock -n $TMPDIR echo locked'").Succeeded().Output);
    }
}
