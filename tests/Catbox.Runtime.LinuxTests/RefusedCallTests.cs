using Catbox.Policy;

namespace Catbox.Runtime.LinuxTests;

/// <summary>Calls that no policy allows: root gets them refused by the engine, which the violation proves, and not for want of a capability; who lacks that is refused by the kernel.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class RefusedCallTests(EngineFixture engine)
{
    /// <summary>What the kernel may do for whoever asks.</summary>
    private static readonly string[] s_asksNoCapability = ["open_tree", "unshare-user", "quotactl", "bpf"];

    [SkippableTheory]
    [InlineData("chroot")]
    [InlineData("pivot_root")]
    [InlineData("mount")]
    [InlineData("umount2")]
    [InlineData("open_tree")]
    [InlineData("move_mount")]
    [InlineData("fsopen")]
    [InlineData("setns")]
    [InlineData("unshare-user")]
    [InlineData("unshare-mounts")]
    [InlineData("open_by_handle_at")]
    [InlineData("swapon")]
    [InlineData("quotactl")]
    [InlineData("acct")]
    [InlineData("sethostname")]
    [InlineData("settimeofday")]
    [InlineData("init_module")]
    [InlineData("bpf")]
    [InlineData("kexec_load")]
    public async Task A_call_that_no_policy_allows_is_EPERM_and_one_violation(string name)
    {
        using var scratch = new Scratch();
        var run = (await engine.RunGuestAsync("refused_calls", scratch, name, GuestString.FromString(scratch.Inside))).Succeeded();
        Skip.If(run.Output == $"{Errno.ENOSYS.Value}\n" && run.Result.ViolationCount == 0, "this kernel was built without it");
        Assert.Equal($"{Errno.EPERM.Value}\n", run.Output);
        if (!Environment.IsPrivilegedProcess && !s_asksNoCapability.Contains(name))
        {
            // The kernel would have said the same.
            run.HasNoViolations();
            return;
        }

        run.HasViolations(1);
        Assert.Equal(name.Split('-')[0], run.Result.Violations[0].Operation);
    }

    [SkippableFact]
    public async Task A_file_handle_is_not_supported_and_no_violation()
    {
        using var scratch = new Scratch();
        var run = await engine.RunGuestAsync("refused_calls", scratch, "name_to_handle_at", GuestString.FromString(scratch.Inside));
        Assert.Equal($"{Errno.EOPNOTSUPP.Value}\n", run.Succeeded().HasNoViolations().Output);
    }
}
