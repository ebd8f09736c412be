namespace Catbox.Policy.Filtering;

/// <summary>The opcodes of classic BPF that the compiler emits (include/uapi/linux/bpf_common.h), by what they do.</summary>
internal static class Bpf
{
    /// <summary>BPF_LD|BPF_W|BPF_ABS: A = the 32-bit word of seccomp_data at offset K.</summary>
    internal const ushort LoadWord = 0x00 | 0x00 | 0x20;

    /// <summary>BPF_ALU|BPF_AND|BPF_K: A &amp;= K.</summary>
    internal const ushort And = 0x04 | 0x50;

    /// <summary>BPF_JMP|BPF_JA: skips K instructions.</summary>
    internal const ushort Jump = 0x05;

    /// <summary>BPF_JMP|BPF_JEQ|BPF_K: A == K.</summary>
    internal const ushort JumpEqual = 0x05 | 0x10;

    /// <summary>BPF_JMP|BPF_JGE|BPF_K: A >= K, unsigned.</summary>
    internal const ushort JumpAtLeast = 0x05 | 0x30;

    /// <summary>BPF_JMP|BPF_JSET|BPF_K: (A &amp; K) != 0.</summary>
    internal const ushort JumpAnyBit = 0x05 | 0x40;

    /// <summary>BPF_RET|BPF_K: the filter's answer is K.</summary>
    internal const ushort Return = 0x06;
}
