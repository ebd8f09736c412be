using System.Buffers.Binary;
using System.Collections.Immutable;
using Catbox.Policy.Decoding;

namespace Catbox.Policy.Filtering;

/// <summary>A seccomp filter as it is given to the kernel. Immutable; one program serves every session with the same needs.</summary>
internal sealed class FilterProgram
{
    /// <summary>BPF_MAXINSNS (include/uapi/linux/bpf_common.h): the kernel takes no longer program.</summary>
    public const int MaxInstructions = 4096;

    /// <summary>sizeof(struct sock_filter).</summary>
    public const int InstructionSize = 8;

    internal FilterProgram(ImmutableArray<SockFilter> instructions)
    {
        if (instructions.Length is 0 or > MaxInstructions)
        {
            throw new InvalidOperationException($"a filter has 1–{MaxInstructions} instructions, this one {instructions.Length}");
        }

        Instructions = instructions;
    }

    /// <summary>The instructions in order; 1–4096.</summary>
    public ImmutableArray<SockFilter> Instructions { get; }

    /// <summary>The array of struct sock_filter that struct sock_fprog points to: 8 bytes an instruction, little-endian (code, jt, jf, k).</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Instructions.Length * InstructionSize];
        for (var i = 0; i < Instructions.Length; i++)
        {
            var at = bytes.AsSpan(i * InstructionSize, InstructionSize);
            BinaryPrimitives.WriteUInt16LittleEndian(at, Instructions[i].Code);
            at[2] = Instructions[i].Jt;
            at[3] = Instructions[i].Jf;
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], Instructions[i].K);
        }

        return bytes;
    }

    /// <summary>What the kernel would answer a call by this program alone: SECCOMP_RET_*, with its data.</summary>
    /// <param name="number">The call's number.</param>
    /// <param name="architecture">AUDIT_ARCH_*.</param>
    /// <param name="args">Its registers.</param>
    internal uint AnswerTo(int number, uint architecture, in SyscallArgs args)
    {
        var word = 0u;
        for (var line = 0; ; line++)
        {
            var at = Instructions[line];
            switch (at.Code)
            {
                case Bpf.LoadWord:
                    word = at.K switch
                    {
                        SeccompData.Number => (uint)number,
                        SeccompData.Architecture => architecture,
                        _ => (uint)(args[(int)(at.K - SeccompData.Args) / sizeof(ulong)] >> (at.K % sizeof(ulong) == 0 ? 0 : 32)),
                    };
                    break;
                case Bpf.And:
                    word &= at.K;
                    break;
                case Bpf.Jump:
                    line += (int)at.K;
                    break;
                case Bpf.JumpEqual:
                    line += word == at.K ? at.Jt : at.Jf;
                    break;
                case Bpf.JumpAtLeast:
                    line += word >= at.K ? at.Jt : at.Jf;
                    break;
                case Bpf.JumpAnyBit:
                    line += (word & at.K) != 0 ? at.Jt : at.Jf;
                    break;
                case Bpf.Return:
                    return at.K;
                default:
                    throw new InvalidOperationException($"{line}: code 0x{at.Code:x}");
            }
        }
    }
}
