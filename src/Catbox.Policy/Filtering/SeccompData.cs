namespace Catbox.Policy.Filtering;

/// <summary>What a filter reads and answers (include/uapi/linux/seccomp.h).</summary>
internal static class SeccompData
{
    /// <summary>offsetof(struct seccomp_data, nr), an int.</summary>
    internal const uint Number = 0;

    /// <summary>offsetof(struct seccomp_data, arch), an AUDIT_ARCH_*.</summary>
    internal const uint Architecture = 4;

    /// <summary>offsetof(struct seccomp_data, args): six 64-bit words.</summary>
    internal const uint Args = 16;

    /// <summary>sizeof(struct seccomp_data).</summary>
    internal const uint Size = 64;

    /// <summary>SECCOMP_RET_KILL_PROCESS.</summary>
    internal const uint ReturnKillProcess = 0x80000000;

    /// <summary>SECCOMP_RET_ERRNO; the low 16 bits are the error, 0 makes the call return 0.</summary>
    internal const uint ReturnErrno = 0x00050000;

    /// <summary>SECCOMP_RET_TRACE. Its data stays 0: a guest's own filter could set it, so nobody branches on it.</summary>
    internal const uint ReturnTrace = 0x7ff00000;

    /// <summary>SECCOMP_RET_ALLOW.</summary>
    internal const uint ReturnAllow = 0x7fff0000;

    /// <summary>MAX_ERRNO; the kernel cuts a larger one down to it.</summary>
    internal const int MaxErrno = 4095;

    /// <summary>The low 32 bits of an argument (little-endian).</summary>
    internal static uint LowWord(int arg) => Args + (8 * (uint)arg);

    /// <summary>The high 32 bits of an argument (little-endian).</summary>
    internal static uint HighWord(int arg) => LowWord(arg) + 4;
}
