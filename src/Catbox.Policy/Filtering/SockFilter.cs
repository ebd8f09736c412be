namespace Catbox.Policy.Filtering;

/// <summary>One classic BPF instruction: struct sock_filter (include/uapi/linux/filter.h), 8 bytes.</summary>
/// <param name="Code">Class, size, mode or operation, and source: BPF_LD|BPF_W|BPF_ABS and so on.</param>
/// <param name="Jt">For a conditional jump: how many instructions are skipped when it holds.</param>
/// <param name="Jf">For a conditional jump: how many instructions are skipped when it does not hold.</param>
/// <param name="K">The operand: an offset into struct seccomp_data, a number to compare with, or the value returned.</param>
internal readonly record struct SockFilter(ushort Code, byte Jt, byte Jf, uint K);
