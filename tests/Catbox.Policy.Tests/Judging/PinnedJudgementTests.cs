using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls.Tables;
using Xunit;

namespace Catbox.Policy.Tests.Judging;

/// <summary>A writable directory that has to stay under its name: what is in it may go, it itself may not.</summary>
public sealed class PinnedJudgementTests : JudgeFixture
{
    private readonly PolicyJudge _judge = new(CompiledPolicy.Compile(
        new SandboxPolicy { Writable = ["/w", "/v"] }, new PolicyContext { Pinned = [[.. "/w"u8]] }));

    [Theory]
    [InlineData("rmdir", "/w", null, true)]
    [InlineData("unlink", "/w", null, true)]
    [InlineData("rename", "/w", "/v/w", true)]
    [InlineData("rename", "/v/w", "/w", true)]
    [InlineData("rmdir", "/v", null, false)]
    [InlineData("rename", "/v", "/w/v", false)]
    [InlineData("rmdir", "/w/sub", null, false)]
    [InlineData("rename", "/w/sub", "/v/sub", false)]
    [InlineData("rmdir", "/w/sub/../", null, false)]
    [InlineData("rmdir", "/w/.", null, false)]
    [InlineData("mkdir", "/w", null, false)]
    [InlineData("chmod", "/w", null, false)]
    public void Its_entry_is_not_removed_renamed_or_replaced(string call, string first, string? second, bool isRefused)
    {
        Paths.Add("/w", FileKind.Directory);
        Paths.Add("/v", FileKind.Directory);
        Paths.Add("/v/w", FileKind.Directory);
        Paths.Add("/w/sub", FileKind.Directory);
        var args = default(SyscallArgs);
        args[0] = Text(first);
        args[1] = second is null ? 0x1ff : Text(second);

        _judge.Judge(LinuxX64.Table.Named(call), args, Memory, Paths, Tree, Request, Judgement);

        Assert.Equal(isRefused ? Verdict.Deny(Errno.EACCES) : Verdict.Continue, Judgement.Verdict);
        Assert.Equal(isRefused, Judgement.IsViolation);
    }
}
