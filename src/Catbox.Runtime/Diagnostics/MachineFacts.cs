using Catbox.Policy;

namespace Catbox.Runtime.Diagnostics;

/// <summary>What was asked of a machine, before anything is concluded from it. What is null could not be read: the kernel has no such file.</summary>
internal sealed record MachineFacts
{
    /// <summary>The kernel's release, as <c>uname -r</c> gives it.</summary>
    public required string KernelRelease { get; init; }
    /// <summary>The machine, as <c>uname -m</c> gives it.</summary>
    public required string Architecture { get; init; }
    /// <summary>The number of this process in its pid namespace.</summary>
    public int Pid { get; init; }
    /// <summary>Whether <c>/proc</c> is mounted and shows this process.</summary>
    public bool HasProc { get; init; }
    /// <summary>Whether ptrace(2) can be called: success, ENOSYS or what a filter around us answers.</summary>
    public Errno Ptrace { get; init; }
    /// <summary>kernel.yama.ptrace_scope, 0–3.</summary>
    public int? YamaScope { get; init; }
    /// <summary>Whether this process has CAP_SYS_PTRACE in effect.</summary>
    public bool HasPtraceCapability { get; init; }
    /// <summary>Whether the kernel has seccomp.</summary>
    public Errno Seccomp { get; init; }
    /// <summary>Whether a filter can stop a call for a tracer (SECCOMP_RET_TRACE).</summary>
    public Errno SeccompTrace { get; init; }
    /// <summary>Whether a filter can ask a listener (SECCOMP_RET_USER_NOTIF).</summary>
    public Errno SeccompNotify { get; init; }
    /// <summary>Whether Landlock is there.</summary>
    public Errno Landlock { get; init; }
    /// <summary>Its ABI version.</summary>
    public int LandlockAbi { get; init; }
    /// <summary>Whether mseal(2) is there.</summary>
    public Errno Mseal { get; init; }
    /// <summary>Whether a file in memory may be executed.</summary>
    public Errno MemfdExec { get; init; }
    /// <summary>vm.memfd_noexec, 0–2.</summary>
    public int? MemfdNoexec { get; init; }
    /// <summary>user.max_user_namespaces.</summary>
    public long? MaxUserNamespaces { get; init; }
    /// <summary>kernel.unprivileged_userns_clone (Debian), 0 or 1.</summary>
    public int? UnprivilegedUserNamespaces { get; init; }
    /// <summary>kernel.apparmor_restrict_unprivileged_userns (Ubuntu), 0 or 1.</summary>
    public int? ApparmorRestrictsUserNamespaces { get; init; }
    /// <summary>Whether this process is root in its user namespace.</summary>
    public bool IsRoot { get; init; }
}
