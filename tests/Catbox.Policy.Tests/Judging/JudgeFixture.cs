using System.Collections.Immutable;
using System.Text;
using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using Catbox.Policy.Tests.Decoding;
using Xunit;

namespace Catbox.Policy.Tests.Judging;

/// <summary>A judge with everything that it is handed at a stop; <c>/w</c> is writable.</summary>
public abstract class JudgeFixture
{
    private protected const ulong AtFdCwd = unchecked((ulong)-100L);

    private protected ScriptedMemory Memory { get; } = new();
    private protected ScriptedPaths Paths { get; } = new();
    private protected ScriptedTree Tree { get; } = new();
    private protected SyscallRequest Request { get; } = new();
    private protected Judgement Judgement { get; } = new();
    private protected SandboxPolicy Policy { get; set; } = new() { Writable = ["/w"] };
    private protected PolicyContext Context { get; set; } = new();
    private protected ImmutableArray<InheritedObject> Inherited { get; set; } = [];

    private protected PolicyJudge NewJudge() => new(CompiledPolicy.Compile(Policy, Context), Inherited);

    private protected ulong Text(string text) => Memory.Text(Encoding.Latin1.GetBytes(text));

    private protected Verdict Judge(string call, params ReadOnlySpan<ulong> registers) => Judge(LinuxX64.Table.Named(call), registers);

    private protected Verdict Judge(SyscallRow row, params ReadOnlySpan<ulong> registers)
    {
        var args = default(SyscallArgs);
        registers.CopyTo(args);
        NewJudge().Judge(row, args, Memory, Paths, Tree, Request, Judgement);
        return Judgement.Verdict;
    }

    /// <summary>The call goes on and nothing is reported.</summary>
    private protected void Allowed(Verdict verdict)
    {
        Assert.Equal(Verdict.Continue, verdict);
        Assert.False(Judgement.IsViolation);
    }

    /// <summary>The call fails and a violation is reported.</summary>
    private protected void Violates(Verdict verdict, Errno errno, ViolationSubject subject, string resolved)
    {
        Assert.Equal(Verdict.Deny(errno), verdict);
        Reported(errno, subject, resolved);
    }

    /// <summary>The call fails as the kernel would fail it: nothing is reported.</summary>
    private protected void Fails(Verdict verdict, Errno errno)
    {
        Assert.Equal(Verdict.Deny(errno), verdict);
        Assert.False(Judgement.IsViolation);
    }

    private protected void Reported(Errno errno, ViolationSubject subject, string resolved)
    {
        Assert.True(Judgement.IsViolation);
        Assert.Equal(errno, Judgement.ViolationErrno);
        Assert.Equal(subject, Judgement.Subject);
        Assert.Equal(resolved, Encoding.Latin1.GetString(Judgement.Resolved.Span));
    }
}
