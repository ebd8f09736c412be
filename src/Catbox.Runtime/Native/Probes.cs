using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>
/// Questions to the kernel that change nothing: each is a call with arguments that a kernel which has it refuses in its own way (or answers), while
/// one that lacks it says ENOSYS, and a seccomp filter around us EPERM.
/// </summary>
internal static partial class Probes
{
    private const int PTRACE_CONT = 7;
    private const int PR_GET_SECCOMP = 21;
    private const nint SYS_seccomp = 317;
    private const nint SYS_memfd_create = 319;
    private const nint SYS_landlock_create_ruleset = 444;
    private const uint SECCOMP_GET_ACTION_AVAIL = 2;
    private const uint LANDLOCK_CREATE_RULESET_VERSION = 1;
    private const uint MFD_CLOEXEC = 1;
    private const uint MFD_EXEC = 0x10;
    private const int ESRCH = 3;
    private const int EINVAL = 22;
    private const int ENOSYS = 38;

    /// <summary>SECCOMP_RET_TRACE (include/uapi/linux/seccomp.h).</summary>
    public const uint SECCOMP_RET_TRACE = 0x7ff00000;

    /// <summary>SECCOMP_RET_USER_NOTIF.</summary>
    public const uint SECCOMP_RET_USER_NOTIF = 0x7fc00000;

    /// <summary>Whether ptrace(2) can be called at all: process 0 is never there (ESRCH).</summary>
    public static Errno Ptrace()
    {
        var errno = ptrace(PTRACE_CONT, 0, 0, 0) < 0 ? Marshal.GetLastPInvokeError() : 0;
        return new Errno(errno == ESRCH ? 0 : errno);
    }

    /// <summary>Whether the kernel has seccomp: prctl(PR_GET_SECCOMP) is 0 or, in a filtered process, 2; EINVAL without CONFIG_SECCOMP.</summary>
    public static Errno Seccomp() => new(prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0 ? Marshal.GetLastPInvokeError() : 0);

    /// <summary>Whether a filter may give an answer: seccomp(SECCOMP_GET_ACTION_AVAIL), from Linux 4.14.</summary>
    public static unsafe Errno SeccompAction(uint action) =>
        new(syscall(SYS_seccomp, (nint)SECCOMP_GET_ACTION_AVAIL, 0, (nint)(&action), 0) < 0 ? Marshal.GetLastPInvokeError() : 0);

    /// <summary>The ABI version of Landlock, or why there is none: ENOSYS where it is not built, EOPNOTSUPP where it is not enabled.</summary>
    public static Errno Landlock(out int abi)
    {
        abi = (int)syscall(SYS_landlock_create_ruleset, 0, 0, (nint)LANDLOCK_CREATE_RULESET_VERSION, 0);
        return new Errno(abi < 0 ? Marshal.GetLastPInvokeError() : 0);
    }

    /// <summary>
    /// Whether the kernel was built with one of the calls that no policy allows. All arguments are -1, with which each that there is fails: bad pointers, flags that are none,
    /// no descriptor.
    /// </summary>
    public static bool HasCall(int number) => syscall(number, -1, -1, -1, -1) >= 0 || Marshal.GetLastPInvokeError() != ENOSYS;

    /// <summary>Whether a file in memory may be executed: memfd_create(MFD_EXEC), which vm.memfd_noexec=2 refuses. Kernels before 6.3 lack the flag.</summary>
    public static unsafe Errno MemfdExec()
    {
        fixed (byte* name = "catbox-probe"u8)
        {
            var fd = syscall(SYS_memfd_create, (nint)name, (nint)(MFD_CLOEXEC | MFD_EXEC), 0, 0);
            if (fd < 0 && Marshal.GetLastPInvokeError() == EINVAL)
            {
                fd = syscall(SYS_memfd_create, (nint)name, (nint)MFD_CLOEXEC, 0, 0);
            }

            if (fd < 0)
            {
                return new Errno(Marshal.GetLastPInvokeError());
            }

            _ = close((int)fd);
            return Errno.None;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint ptrace(nint request, int pid, nint addr, nint data);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint arg2, nuint arg3, nuint arg4, nuint arg5);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint a0, nint a1, nint a2, nint a3);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int fd);
}
