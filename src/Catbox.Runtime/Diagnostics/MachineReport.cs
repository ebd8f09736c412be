using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Catbox.Policy;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Slots;

namespace Catbox.Runtime.Diagnostics;

/// <summary>What a machine allows, and what is lost without it.</summary>
public sealed record MachineReport
{
    private const int CAP_SYS_PTRACE = 19;

    /// <summary>The kernel's release, as <c>uname -r</c> gives it.</summary>
    public required string KernelRelease { get; init; }
    /// <summary>The machine, as <c>uname -m</c> gives it.</summary>
    public required string Architecture { get; init; }
    /// <summary>The checks, in the order in which they matter.</summary>
    public required ImmutableArray<MachineCheck> Checks { get; init => field = value.OrEmpty(); }

    /// <summary>Whether the engine can run here.</summary>
    public bool CanRun => !Checks.Any(static c => c.IsRequired && c.State == MachineCheckState.Missing);

    /// <summary>Compares by value, the checks included.</summary>
    public bool Equals(MachineReport? other) =>
        other is not null && KernelRelease == other.KernelRelease && Architecture == other.Architecture && Checks.HasSame(other.Checks);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(KernelRelease, Architecture, Checks.HashOfItems());

    /// <summary>Asks this machine. Nothing is changed and no process is made; it takes well under a millisecond.</summary>
    public static MachineReport Probe() => MachineRules.Conclude(Ask());

    /// <summary>Asks this machine, without concluding.</summary>
    internal static MachineFacts Ask() => new()
    {
        KernelRelease = Read("/proc/sys/kernel/osrelease") ?? Environment.OSVersion.Version.ToString(),
        Architecture = RuntimeInformation.OSArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "x86_64",
            System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
            var other => other.ToString().ToLowerInvariant(),
        },
        Pid = Environment.ProcessId,
        HasProc = Path.Exists("/proc/self/status"),
        Ptrace = Probes.Ptrace(),
        YamaScope = (int?)ReadNumber("/proc/sys/kernel/yama/ptrace_scope"),
        HasPtraceCapability = (EffectiveCapabilities() & (1UL << CAP_SYS_PTRACE)) != 0,
        Seccomp = Probes.Seccomp(),
        SeccompTrace = Probes.SeccompAction(Probes.SECCOMP_RET_TRACE),
        SeccompNotify = Probes.SeccompAction(Probes.SECCOMP_RET_USER_NOTIF),
        Landlock = Probes.Landlock(out var abi),
        LandlockAbi = abi,
        Mseal = SealCheck.Probe,
        MemfdExec = Probes.MemfdExec(),
        MemfdNoexec = (int?)ReadNumber("/proc/sys/vm/memfd_noexec"),
        MaxUserNamespaces = ReadNumber("/proc/sys/user/max_user_namespaces"),
        UnprivilegedUserNamespaces = (int?)ReadNumber("/proc/sys/kernel/unprivileged_userns_clone"),
        ApparmorRestrictsUserNamespaces = (int?)ReadNumber("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
        IsRoot = Environment.IsPrivilegedProcess,
    };

    private static ulong EffectiveCapabilities()
    {
        const string Field = "CapEff:";
        var line = (Read("/proc/self/status") ?? "").Split('\n').FirstOrDefault(static l => l.StartsWith(Field, StringComparison.Ordinal));
        return ulong.TryParse(line?[Field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var set) ? set : 0;
    }

    private static long? ReadNumber(string path) =>
        long.TryParse(Read(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
