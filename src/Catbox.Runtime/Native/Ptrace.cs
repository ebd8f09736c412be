using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>
/// ptrace(2) with the kernel's names. Every call must come from the thread that attached (ESRCH otherwise), and none throws: a tracee can
/// vanish between any two of them.
/// </summary>
internal static partial class Ptrace
{
    public const int PTRACE_CONT = 7;
    public const int PTRACE_GETREGS = 12;
    public const int PTRACE_SETREGS = 13;
    public const int PTRACE_GETEVENTMSG = 0x4201;
    public const int PTRACE_SYSCALL = 24;
    public const int PTRACE_SEIZE = 0x4206;
    public const int PTRACE_INTERRUPT = 0x4207;
    public const int PTRACE_LISTEN = 0x4208;
    public const int PTRACE_PEEKSIGINFO = 0x4209;

    /// <summary>The stop signal of a system call's beginning or end under PTRACE_O_TRACESYSGOOD: SIGTRAP | 0x80.</summary>
    public const int SyscallStop = 0x85;

    public const int PTRACE_O_TRACESYSGOOD = 0x1;
    public const int PTRACE_O_TRACEFORK = 0x2;
    public const int PTRACE_O_TRACEVFORK = 0x4;
    public const int PTRACE_O_TRACECLONE = 0x8;
    public const int PTRACE_O_TRACEEXEC = 0x10;
    public const int PTRACE_O_TRACESECCOMP = 0x80;
    public const int PTRACE_O_EXITKILL = 0x100000;

    public const int PTRACE_EVENT_FORK = 1;
    public const int PTRACE_EVENT_VFORK = 2;
    public const int PTRACE_EVENT_CLONE = 3;
    public const int PTRACE_EVENT_EXEC = 4;
    public const int PTRACE_EVENT_SECCOMP = 7;
    public const int PTRACE_EVENT_STOP = 128;

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    private static unsafe partial long ptrace(long request, int pid, void* addr, void* data);

    public static unsafe Errno Seize(int pid, int options) => Check(ptrace(PTRACE_SEIZE, pid, null, (void*)options));

    public static unsafe Errno Cont(int tid, int signal) => Check(ptrace(PTRACE_CONT, tid, null, (void*)signal));

    /// <summary>Resumes to the next end (or beginning) of a system call; from a seccomp stop that is the end of the call that it is in.</summary>
    public static unsafe Errno Syscall(int tid) => Check(ptrace(PTRACE_SYSCALL, tid, null, null));

    public static unsafe Errno Listen(int tid) => Check(ptrace(PTRACE_LISTEN, tid, null, null));

    /// <summary>Has a running task stop (PTRACE_EVENT_STOP); a call that waits ends before, as by a signal.</summary>
    public static unsafe Errno Interrupt(int tid) => Check(ptrace(PTRACE_INTERRUPT, tid, null, null));

    public static unsafe Errno GetRegs(int tid, ref UserRegs regs)
    {
        fixed (UserRegs* at = &regs)
        {
            return Check(ptrace(PTRACE_GETREGS, tid, null, at));
        }
    }

    public static unsafe Errno SetRegs(int tid, ref UserRegs regs)
    {
        fixed (UserRegs* at = &regs)
        {
            return Check(ptrace(PTRACE_SETREGS, tid, null, at));
        }
    }

    public static unsafe Errno GetEventMessage(int tid, out ulong message)
    {
        ulong value = 0;
        var result = Check(ptrace(PTRACE_GETEVENTMSG, tid, null, &value));
        message = value;
        return result;
    }

    /// <summary>Whether a signal waits for a stopped task itself (not for its process).</summary>
    public static unsafe bool IsPending(int tid, int signal)
    {
        const int size = 128; // siginfo_t
        const int room = 8;
        var infos = stackalloc byte[size * room];
        // struct ptrace_peeksiginfo_args: off (64 bits), flags (0: the task's own queue), nr
        var args = stackalloc ulong[2] { 0, (ulong)room << 32 };
        while (true)
        {
            var count = ptrace(PTRACE_PEEKSIGINFO, tid, args, infos);
            for (var i = 0; i < count; i++)
            {
                if (*(int*)(infos + (i * size)) == signal)
                {
                    return true;
                }
            }

            if (count < room)
            {
                return false;
            }

            args[0] += (ulong)count;
        }
    }

    private static Errno Check(long result) => result < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;
}
