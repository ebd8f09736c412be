using Catbox.Policy.Decoding;
using Catbox.Policy.Enacting;
using Catbox.Policy.Filtering;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls.Tables;
using Catbox.Policy.Tests.Filtering;
using Xunit;

namespace Catbox.Policy.Tests.Judging;

/// <summary>A session whose filter stops more than its policy needs: what only others want to see goes on as if it had not stopped.</summary>
public sealed class SeenByOthersTests : JudgeFixture
{
    [Theory]
    [InlineData("getuid", 0, 0)]
    [InlineData("clone", 17, 0)]
    [InlineData("unshare", 0x200, 0)]
    [InlineData("setpgid", 0, 0)]
    [InlineData("setrlimit", 7, 0xBAD)]
    [InlineData("ioctl", 0, 0x5401)]
    [InlineData("ioctl", 0, 0x80086601)]
    [InlineData("prctl", 15, 0xBAD)]
    [InlineData("fcntl", 0, 3)]
    [InlineData("stat", 0xBAD, 0)]
    [InlineData("openat", 0, 0xBAD)]
    [InlineData("connect", 3, 0xBAD)]
    [InlineData("sendmsg", 3, 0xBAD)]
    [InlineData("execve", 0xBAD, 0)]
    [InlineData("setsockopt", 3, 0)]
    public void What_the_policys_own_filter_lets_through_goes_on_and_nothing_is_looked_at(string call, ulong first, ulong second)
    {
        Policy = Policy with { Network = NetworkMode.On };
        Allowed(JudgeSeen(call, first, second));
        Assert.Equal(EnactmentKind.AsItStands, EnactmentPlanner.Of(Request, Judgement));
        Assert.Same(LinuxX64.Table.Named(call), Request.Row);
        Assert.Equal(second, Request.Args[1]);
        Assert.Equal(0, Request.OperandCount);
    }

    [Fact]
    public void Every_use_that_the_policys_own_filter_lets_through_goes_on()
    {
        var own = Own();
        foreach (var row in LinuxX64.Table.Rows)
        {
            foreach (var values in FilterInputs.For(row.Name).Where(static (_, i) => i < 3 || i % 97 == 0))
            {
                var args = default(SyscallArgs);
                values.CopyTo(args);
                if (own.AnswerTo(row.Number, FilterOracle.X64, in args) == FilterOracle.Allow)
                {
                    Allowed(JudgeSeen(row.Name, values));
                    Assert.Equal(EnactmentKind.AsItStands, EnactmentPlanner.Of(Request, Judgement));
                }
            }
        }
    }

    [Theory]
    [InlineData("openat", "/out/file", 1ul)]
    [InlineData("mkdirat", "/out/new", 0ul)]
    public void What_the_policy_needs_is_judged_as_ever(string call, string outside, ulong third)
    {
        Paths.Add("/out/file", FileKind.Regular);
        Violates(Judge(call, AtFdCwd, Text(outside), third), Errno.EACCES, ViolationSubject.Write, outside);
        Violates(JudgeSeen(call, AtFdCwd, Text(outside), third), Errno.EACCES, ViolationSubject.Write, outside);
        Allowed(JudgeSeen(call, AtFdCwd, Text("/w/file"), third));
        Assert.NotEqual(EnactmentKind.AsItStands, EnactmentPlanner.Of(Request, Judgement));
    }

    [Fact]
    public void A_mount_is_refused_whoever_wants_to_see_it()
        => Violates(JudgeSeen("mount", Text("none"), Text("/w"), Text("tmpfs"), 0, 0), Errno.EPERM, ViolationSubject.Call, "/w");

    private FilterProgram Own() => FilterCompiler.Compile(LinuxX64.Table, StopSet.Of(CompiledPolicy.Compile(Policy, Context).Needs));

    private Verdict JudgeSeen(string call, params ReadOnlySpan<ulong> registers)
    {
        var args = default(SyscallArgs);
        registers.CopyTo(args);
        var judge = new PolicyJudge(CompiledPolicy.Compile(Policy, Context), Inherited) { OwnFilter = Own() };
        judge.Judge(LinuxX64.Table.Named(call), in args, Memory, Paths, Tree, Request, Judgement);
        return Judgement.Verdict;
    }
}
