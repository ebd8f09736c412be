using System.Globalization;
using Catbox.Policy;

namespace Catbox.Runtime.Diagnostics;

/// <summary>What follows from the facts of a machine: a pure function, so that machines which nobody has at hand can be tested.</summary>
internal static class MachineRules
{
    private static readonly Version CloseRange = new(5, 9);
    private static readonly Version SetSyscallInfo = new(6, 16);
    private const string NoLandlock = "the kernel is no floor under the tracer's rules: `catbox run --explain` tells which become advisory (boot with lsm=landlock,...)";

    /// <summary>Concludes.</summary>
    public static MachineReport Conclude(MachineFacts facts)
    {
        var kernel = VersionOf(facts.KernelRelease);
        return new MachineReport
        {
            KernelRelease = facts.KernelRelease,
            Architecture = facts.Architecture,
            Checks =
            [
                Architecture(facts),
                Check("proc", facts.HasProc, "/proc is mounted", "/proc is not mounted", "the guest's paths, memory and threads cannot be seen; mount proc", required: true),
                Ptrace(facts),
                Yama(facts),
                AtLeast("close-range", kernel, CloseRange, "nothing can be launched: a guest is to inherit none of the host's descriptors", required: true),
                AtLeast("ptrace-set-syscall-info", kernel, SetSyscallInfo, "nothing today: registers are set with PTRACE_SETREGS"),
                Seccomp(facts),
                Check("seccomp-notify", facts.SeccompNotify, "SECCOMP_RET_USER_NOTIF", "nothing today: stops come by ptrace"),
                Landlock(facts),
                Check("mseal", facts.Mseal, "sealed mappings", "a guest with threads can change an argument between its judgement and the call: what opens, connects and executes is held by Landlock alone"),
                MemfdExec(facts),
                UserNamespaces(facts),
                Check("pid", facts.Pid != 1, string.Create(CultureInfo.InvariantCulture, $"process {facts.Pid}"), "this is process 1",
                    "process 1 inherits every orphan, and reaps what is not its own; start it under an init (docker run --init)", limited: true),
            ],
        };
    }

    /// <summary>The version at the beginning of a kernel release: <c>6.18.0-12-generic</c> is 6.18.</summary>
    internal static Version VersionOf(string release)
    {
        var parts = release.Split('.', '-', '+', '_', ' ');
        return parts.Length > 1 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new Version(major, minor)
            : new Version(0, 0);
    }

    private static MachineCheck Architecture(MachineFacts facts) => Check(
        "architecture", facts.Architecture == "x86_64", facts.Architecture, facts.Architecture, "only x86_64 has a table of system calls", required: true);

    private static MachineCheck Ptrace(MachineFacts facts) => Check(
        "ptrace", facts.Ptrace, "allowed",
        "nothing can be confined; in a container allow it in the seccomp profile (docker run --cap-add SYS_PTRACE)", required: true);

    private static MachineCheck Yama(MachineFacts facts)
    {
        var capability = facts.HasPtraceCapability ? ", CAP_SYS_PTRACE" : ", no CAP_SYS_PTRACE";
        var (works, text) = facts.YamaScope switch
        {
            null => (true, "no Yama" + capability),
            0 => (true, "ptrace_scope 0 (classic)" + capability),
            1 => (true, "ptrace_scope 1 (own children, all that is needed)" + capability),
            2 => (facts.HasPtraceCapability, "ptrace_scope 2 (CAP_SYS_PTRACE only)" + capability),
            var scope => (false, string.Create(CultureInfo.InvariantCulture, $"ptrace_scope {scope} (nobody)")),
        };
        return Check("yama", works, text, text, "nothing can be confined; sysctl kernel.yama.ptrace_scope=1 (3 stays until a reboot)", required: true);
    }

    private static MachineCheck Seccomp(MachineFacts facts) => Check(
        "seccomp", facts.Seccomp.IsSuccess ? facts.SeccompTrace : facts.Seccomp, "filters, SECCOMP_RET_TRACE",
        "nothing can be confined; the kernel needs CONFIG_SECCOMP_FILTER", required: true);

    private static MachineCheck Landlock(MachineFacts facts)
    {
        // What each version added: landlock(7).
        var (works, has, without) = facts.LandlockAbi switch
        {
            < 2 => (false, "no renames between directories", "what rests on it is the tracer's alone, as `catbox run --explain` tells rule by rule"),
            2 => (true, "files", "truncation, TCP ports, requests to devices, signals and abstract sockets are the tracer's alone"),
            3 => (true, "files", "TCP ports, requests to devices, signals and abstract sockets are the tracer's alone"),
            4 => (true, "files, TCP ports", "requests to devices, signals and abstract sockets are the tracer's alone"),
            5 => (true, "files, TCP ports, requests to devices", "signals and abstract sockets are the tracer's alone"),
            _ => (true, "files, TCP ports, requests to devices, signals, abstract sockets", NoLandlock),
        };
        return facts.Landlock.IsSuccess
            ? Check("landlock", facts.LandlockAbi >= 6, Detail(), Detail(), without, limited: works)
            : Check("landlock", facts.Landlock, "", NoLandlock);

        string Detail() => string.Create(CultureInfo.InvariantCulture, $"ABI {facts.LandlockAbi}: {has}");
    }

    private static MachineCheck MemfdExec(MachineFacts facts)
    {
        var setting = facts.MemfdNoexec is { } value ? string.Create(CultureInfo.InvariantCulture, $"vm.memfd_noexec {value}") : "no vm.memfd_noexec";
        return Check("memfd-exec", facts.MemfdExec, setting,
            "nothing can be launched: the first process starts from a file in memory; sysctl vm.memfd_noexec=1", required: true);
    }

    private static MachineCheck UserNamespaces(MachineFacts facts)
    {
        const string Without = "nothing today; a guest with a view of its own will need them";
        return facts switch
        {
            { MaxUserNamespaces: null } => Check("user-namespaces", false, "", "the kernel has none", Without),
            { MaxUserNamespaces: 0 } => Check("user-namespaces", false, "", "user.max_user_namespaces is 0", Without),
            { IsRoot: false, UnprivilegedUserNamespaces: 0 } => Check("user-namespaces", false, "", "kernel.unprivileged_userns_clone is 0", Without),
            { IsRoot: false, ApparmorRestrictsUserNamespaces: 1 } =>
                Check("user-namespaces", false, "", "restricted by AppArmor (kernel.apparmor_restrict_unprivileged_userns)", Without, limited: true),
            _ => Check("user-namespaces", true, string.Create(CultureInfo.InvariantCulture, $"up to {facts.MaxUserNamespaces}"), "", Without),
        };
    }

    private static MachineCheck AtLeast(string name, Version kernel, Version needed, string without, bool required = false) =>
        Check(name, kernel >= needed, $"Linux {kernel}, from {needed} on", $"Linux {kernel}, from {needed} on", without, required);

    private static MachineCheck Check(string name, Errno errno, string detail, string without, bool required = false) =>
        Check(name, errno.IsSuccess, detail, errno.ToString(), without, required);

    private static MachineCheck Check(
        string name, bool works, string detail, string otherwise, string without, bool required = false, bool limited = false) =>
        new(name, works ? MachineCheckState.Available : limited ? MachineCheckState.Limited : MachineCheckState.Missing,
            works ? detail : otherwise, without, required);
}
