namespace Catbox.Runtime.LinuxTests.Callers;

/// <summary>Limits that the caller set: they are the guest's as they would be outside, and what catbox cannot live with is said.</summary>
[Trait("Category", "Ptrace")]
public sealed class LimitTests
{
    private const string Show = "bash -c 'for o in n s c f v u t l; do echo $o $(ulimit -S$o) $(ulimit -H$o); done'";

    [SkippableTheory]
    [InlineData("-Sf 8", false)]
    [InlineData("-Sf 8", true)]
    [InlineData("-Sn 256", false)]
    [InlineData("-n 128", true)]
    [InlineData("-s 256", false)]
    [InlineData("-c 0", true)]
    [InlineData("-l 64", false)]
    public void They_are_the_guests_as_outside(string limit, bool ordinary)
    {
        using var caller = new Caller(ordinary);
        var run = caller.Run($"ulimit {limit} 2>/dev/null; $user {Show} >outside; $catbox run -- {Show} >inside; echo $?; diff outside inside");
        Assert.Equal(["0"], run.OutputLines);
    }

    [SkippableFact]
    public void A_limit_of_file_sizes_ends_the_guest_that_meets_it_and_not_catbox()
    {
        using var caller = new Caller();
        const string Excess = "dd if=/dev/zero of=big bs=1024 count=100 2>/dev/null";
        var run = caller.Run($"ulimit -Sf 8; {Excess}; echo $?; $catbox run -p . -- {Excess}; echo $?; stat -c %s big; $catbox run --report r -- true; echo $?");
        Assert.Equal(["153", "153", "8192", "0"], run.OutputLines);
    }

    [SkippableFact]
    public void An_ignored_SIGXFSZ_stays_ignored()
    {
        using var caller = new Caller();
        var run = caller.Run("trap '' XFSZ; grep SigIgn /proc/self/status; $catbox run -- grep SigIgn /proc/self/status");
        Assert.Equal(2, run.OutputLines.Length);
        Assert.All(run.OutputLines, static line => Assert.Equal('1', line[^7]));
    }

    [SkippableTheory]
    [InlineData("ulimit -f 2", "ulimit -f")]
    [InlineData("ulimit -n 40", "ulimit -n")]
    public void One_that_leaves_no_room_is_named(string limit, string name)
    {
        using var caller = new Caller(ordinary: true);
        var run = caller.Run($"{limit}; $catbox run -- true");
        if (run.Code != 0)
        {
            Assert.Equal(125, run.Code);
            Assert.Contains(name, Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public void Without_proc_one_line_says_so()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "mounting needs root");
        using var caller = new Caller();
        var run = caller.Run("$user unshare -m sh -c 'mount -t tmpfs none /proc && '\"$catbox\"' run -- true'");
        Skip.If(run.Error.Contains("unshare", StringComparison.Ordinal), "no mount namespaces here");
        Skip.If(run.Error.Contains("CoreCLR", StringComparison.Ordinal), "CoreCLR itself does not start without /proc, as the native program does");
        Assert.Equal((125, "catbox: /proc is not mounted, and guests are watched by way of it; mount it: mount -t proc proc /proc"), (run.Code, run.Error.Split('\n')[0]));
    }
}
