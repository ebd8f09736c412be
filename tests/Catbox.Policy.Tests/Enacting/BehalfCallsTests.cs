using Catbox.Policy.Decoding;
using Catbox.Policy.Enacting;
using Catbox.Policy.Judging;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using Xunit;

namespace Catbox.Policy.Tests.Enacting;

/// <summary>Which calls the tracer makes in the guest's place.</summary>
public sealed class BehalfCallsTests
{
    private const SyscallTraits Changes = SyscallTraits.Metadata | SyscallTraits.Directory;

    [Fact]
    public void Every_judged_change_of_a_directory_or_an_inode_is_made_on_behalf() =>
        Assert.Equal([], LinuxX64.Table.Rows
            .Where(row => row.Disposition == Disposition.Judge && (row.Traits & Changes) != 0 && row.Operation == BehalfOperation.None)
            .Select(row => row.Name));

    [Fact]
    public void No_call_that_can_block_is_made_on_behalf() =>
        Assert.Equal([], LinuxX64.Table.Rows
            .Where(row => row.Operation != BehalfOperation.None && ((row.Traits & SyscallTraits.CanBlock) != 0 || row.Disposition != Disposition.Judge))
            .Select(row => row.Name));

    [Theory]
    [InlineData("openat")]
    [InlineData("execve")]
    [InlineData("connect")]
    [InlineData("ioctl")]
    [InlineData("setuid")]
    public void A_call_that_gives_a_descriptor_or_changes_the_caller_is_its_own(string name) =>
        Assert.Equal(BehalfOperation.None, LinuxX64.Table.Named(name).Operation);

    [Theory]
    [InlineData("rename", true, true, true)]
    [InlineData("rename", true, false, false)]
    [InlineData("mkdir", true, false, true)]
    [InlineData("mkdir", false, false, false)]
    public void What_was_not_resolved_is_not_made_on_behalf(string name, bool first, bool second, bool expected)
    {
        var request = new SyscallRequest { Row = LinuxX64.Table.Named(name), OperandCount = name == "rename" ? 2 : 1 };
        var judgement = new Judgement();
        judgement.First.Set(first ? "/a"u8 : default);
        judgement.Second.Set(second ? "/b"u8 : default);

        Assert.Equal(expected, BehalfCalls.Includes(request, judgement));
    }

    [Fact]
    public void A_call_that_collect_only_lets_through_is_made_as_it_stands()
    {
        var request = new SyscallRequest { Row = LinuxX64.Table.Named("mkdir"), OperandCount = 1 };
        var judgement = new Judgement { IsViolation = true };
        judgement.First.Set("/a"u8);

        Assert.Equal(EnactmentKind.AsItStands, EnactmentPlanner.Of(request, judgement));
        judgement.IsViolation = false;
        Assert.Equal(EnactmentKind.OnBehalf, EnactmentPlanner.Of(request, judgement));
    }
}
