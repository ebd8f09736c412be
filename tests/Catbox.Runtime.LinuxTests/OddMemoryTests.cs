using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;

namespace Catbox.Runtime.LinuxTests;

/// <summary>
/// Every judged call that takes something from memory or puts it there, with that memory of each kind: guard pages, pages that cannot be read or written, ends of mappings, addresses
/// that are none. The calls come from the table's rows.
/// </summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class OddMemoryTests(EngineFixture engine)
{
    /// <summary>Calls of rows that pass or stop by a register: requests that are judged by what they point at.</summary>
    private static readonly string[] s_others =
        ["fcntl 72 f i15 s8", "ioctl 16 f i0x40086602 s4", "ioctl 16 f i0x401c5820 s28", "seccomp 317 i1 i0 s16", "prctl 157 i22 i2 s16 i0 i0"];

    public static TheoryData<string> Calls =>
        [.. LinuxX64.Table.Rows.Where(static row => row is { Disposition: Disposition.Judge, Shape: not RequestShape.Signal, Name: not "mq_unlink" }).Select(Words).Where(IsInMemory), .. s_others];

    [SkippableTheory]
    [MemberData(nameof(Calls))]
    public async Task Memory_of_any_kind_answers_a_call_as_it_does_without_a_sandbox(string call)
    {
        using var outside = new Scratch();
        using var scratch = new Scratch();
        var expected = Unconfined.RunGuest("odd_memory", outside.Inside, call).Succeeded().Output;

        // So that what only looks is judged too.
        var spec = EngineFixture.Guest("odd_memory", scratch, call) with { Policy = scratch.Policy with { DenyRead = [scratch.Out("secret")] } };
        var run = (await engine.RunAsync(spec)).Succeeded();
        Assert.Equal(expected, run.Output);
        run.HasNoViolations();
    }

    private static bool IsInMemory(string call) => call.Split(' ')[2..].Any(static word => !"idfSN".Contains(word[0], StringComparison.Ordinal));

    private static string Words(SyscallRow row) =>
        string.Join(' ', [row.Name, $"{row.Number}", .. row.Args.Select((_, index) => Word(row, index))]);

    private static string Word(SyscallRow row, int index) => row.Args[index] switch
    {
        ArgKind.PathCreate => "n",
        ArgKind.PathRead or ArgKind.PathReadNoFollow or ArgKind.PathOpen or ArgKind.PathWrite or ArgKind.PathWriteNoFollow or ArgKind.PathRemove
            or ArgKind.PathLinkSource or ArgKind.PathExec => "p",
        ArgKind.Text => row.Shape == RequestShape.MessageQueue ? "p" : "x",
        ArgKind.Sockaddr => row.Name == "bind" ? "b" : "a",
        ArgKind.SockaddrLength => "i10",
        ArgKind.MsgHdr => "m",
        ArgKind.MMsgHdr => "M",
        ArgKind.OpenHow => "h",
        ArgKind.Address => $"s{SizeOf(row)}",
        ArgKind.DirFd => "d",
        ArgKind.FdWrite => "f",
        ArgKind.Fd when row.Name == "inotify_add_watch" => "N",
        ArgKind.Fd => row.IndexOf(ArgKind.Sockaddr) >= 0 || row.IndexOf(ArgKind.MsgHdr) >= 0 || row.IndexOf(ArgKind.MMsgHdr) >= 0 ? "S" : "f",
        ArgKind.Size => index > 0 && row.Args[index - 1] == ArgKind.OpenHow ? "i24" : row.IndexOf(ArgKind.Address) >= 0 ? $"i{SizeOf(row)}" : "i0",
        ArgKind.OpenFlags => row.Shape == RequestShape.MessageQueue ? "i0" : "i2",
        ArgKind.Mode => "i0600",
        ArgKind.Uid or ArgKind.Gid or ArgKind.PidFd => "i-1",
        ArgKind.Int when index > 0 && row.Args[index - 1] == ArgKind.MMsgHdr => "i1",
        // IN_MODIFY.
        ArgKind.Int when row.Name == "inotify_add_watch" => "i2",
        // RLIMIT_MSGQUEUE: nobody misses it.
        ArgKind.Int when row.Name is "prlimit64" or "setrlimit" => "i12",
        _ => "i0",
    };

    private static int SizeOf(SyscallRow row) => row.Name switch
    {
        "utime" or "setxattrat" or "prlimit64" or "setrlimit" => 16,
        "utimes" or "futimesat" or "utimensat" => 32,
        "setxattr" or "lsetxattr" or "fsetxattr" => 4,
        "file_setattr" => 24,
        "sendto" => 2,
        "execve" or "execveat" => 8,
        "sched_setattr" => 48,
        "sched_setparam" or "sched_setscheduler" => 4,
        "get_robust_list" => 8,
        "sched_setaffinity" or "sched_getaffinity" => 128,
        _ => 256,
    };
}
