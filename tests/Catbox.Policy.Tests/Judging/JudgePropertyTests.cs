using System.Text;
using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Judging;

public sealed class JudgePropertyTests : JudgeFixture
{
    private static readonly SyscallRow[] Writers =
    [
        .. LinuxX64.Table.Rows.Where(static r => r.Disposition == Disposition.Judge && (r.Needs & FilterNeeds.Writes) != 0
            && r.Shape is RequestShape.Paths or RequestShape.Open),
    ];

    private static readonly Gen<string> Path = OneOf("/", "/out", "/out/", "/out/f", "/out/new", "../out/f", "l", "l/f", "/w/../out/x", "/w/l", "/w/dangling",
        "/proc/99/mem", "/proc/10/mem", "/proc/99/comm", "/dev/sda", "/w/../w/../out/f");

    [Fact]
    public void A_write_outside_is_never_let_through()
    {
        Paths.Add("/out/f", FileKind.Regular);
        Paths.Add("/w/l", FileKind.Symlink, "/out");
        Paths.Add("/w/dangling", FileKind.Symlink, "/out/new");
        Paths.Add("/dev/sda", FileKind.BlockDevice);
        Paths.Add("/proc/99/mem", FileKind.Regular);
        Paths.Add("/proc/10/mem", FileKind.Regular);
        var judge = new PolicyJudge(CompiledPolicy.Compile(new SandboxPolicy { Writable = ["/w/sub"] }, new PolicyContext()));
        Gen.Select(Gen.Int[0, Writers.Length - 1], Path, Path, OneOf(1ul, 2ul, 3ul, 0x41ul, 0x200ul, 0x242ul, 0x410002ul)).Sample((at, first, second, flags) =>
        {
            var row = Writers[at];
            var args = default(SyscallArgs);
            var paths = 0;
            for (var i = 0; i < row.Args.Length; i++)
            {
                args[i] = row.Args[i] switch
                {
                    >= ArgKind.PathRead and <= ArgKind.PathExec => Text(paths++ == 0 ? first : second),
                    ArgKind.Text => Text("text"),
                    ArgKind.DirFd => AtFdCwd,
                    ArgKind.OpenFlags => flags,
                    ArgKind.OpenHow => Memory.Map([.. BitConverter.GetBytes(flags), .. new byte[16]]),
                    ArgKind.Size => 24,
                    _ => 0,
                };
            }

            judge.Judge(row, args, Memory, Paths, Tree, Request, Judgement);
            return Judgement.Verdict.Kind == VerdictKind.Deny
                && (!Judgement.IsViolation || Judgement.ViolationErrno == Judgement.Verdict.Errno);
        }, iter: 3_000, threads: 1);
    }

    [Fact]
    public void Random_registers_get_one_verdict_and_never_throw()
    {
        var text = Text("/out/f");
        var word = Gen.OneOf(Gen.ULong, Gen.Const(text), Gen.Const(AtFdCwd), Gen.ULong[0, 100]);
        var rows = LinuxX64.Table.Rows;
        foreach (var policy in (SandboxPolicy[])[Policy, Policy with { DenyRead = ["/out"], DenyExecute = ["/out"] }, Policy with { Network = NetworkMode.On }])
        {
            var judge = new PolicyJudge(CompiledPolicy.Compile(policy, new PolicyContext()));
            Gen.Select(Gen.Int[0, rows.Length - 1], word.Array[6]).Sample((at, registers) =>
            {
                var args = default(SyscallArgs);
                registers.CopyTo(args);
                judge.Judge(rows[at], args, Memory, Paths, Tree, Request, Judgement);
                return !Judgement.IsViolation || (Judgement.Verdict.Kind == VerdictKind.Deny && !Judgement.ViolationErrno.IsSuccess && Judgement.Subject != ViolationSubject.None);
            }, iter: 3_000, threads: 1);
        }
    }

    [Theory]
    [InlineData("/w/new", false)]
    [InlineData("/out/f", true)]
    public void A_judged_open_allocates_nothing(string path, bool denied)
    {
        var judge = NewJudge();
        var paths = new FixedPaths(Encoding.Latin1.GetBytes(path));
        var row = LinuxX64.Table.Named("openat");
        var args = default(SyscallArgs);
        args[0] = AtFdCwd;
        args[1] = Text(path);
        args[2] = 0x241;
        for (var i = 0; i < 200; i++)
        {
            judge.Judge(row, args, Memory, paths, Tree, Request, Judgement);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            judge.Judge(row, args, Memory, paths, Tree, Request, Judgement);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(denied, Judgement.IsViolation);
    }

    [Fact]
    public void A_denied_connection_allocates_nothing()
    {
        var judge = NewJudge();
        var row = LinuxX64.Table.Named("connect");
        var args = default(SyscallArgs);
        var paths = new FixedPaths([.. "socket:[1]"u8]);
        args[1] = Memory.Map(Decoding.Addresses.IPv6(0x2001ul << 48, 1, 443));
        args[2] = 28;
        for (var i = 0; i < 200; i++)
        {
            judge.Judge(row, args, Memory, paths, Tree, Request, Judgement);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            judge.Judge(row, args, Memory, paths, Tree, Request, Judgement);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal("2001::1:443"u8, Judgement.Resolved.Span);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>Answers one path, and allocates nothing itself.</summary>
    private sealed class FixedPaths(byte[] canonical) : IPathResolver
    {
        public Errno Resolve(int dirFd, ReadOnlySpan<byte> path, ResolveOptions options, ResolvedPath into)
        {
            into.Reset();
            into.Set(canonical);
            into.Exists = true;
            into.Kind = FileKind.Regular;
            return Errno.None;
        }

        public bool IsOnProcFs(ReadOnlySpan<byte> canonical) => canonical.StartsWith("/proc/"u8);

        public Errno ResolveDescriptor(int fd, ResolvedPath into) => Resolve(fd, default, ResolveOptions.None, into);
    }
}
