using System.Buffers.Binary;

namespace Catbox.Policy.Tests.Filtering;

/// <summary>
/// Classic BPF as seccomp admits and runs it, written from kernel/seccomp.c (seccomp_check_filter, seccomp_is_const_allow) and
/// net/core/filter.c (bpf_check_classic), knowing nothing of the compiler: it takes the bytes that the kernel would.
/// </summary>
internal sealed class BpfInterpreter
{
    private const int DataSize = 64;
    private readonly (ushort Code, byte Jt, byte Jf, uint K)[] _program;

    internal BpfInterpreter(ReadOnlySpan<byte> program)
    {
        if (program.Length % 8 != 0)
        {
            throw new InvalidDataException("not a whole number of instructions");
        }

        _program = new (ushort, byte, byte, uint)[program.Length / 8];
        for (var i = 0; i < _program.Length; i++)
        {
            var at = program.Slice(i * 8, 8);
            _program[i] = (BinaryPrimitives.ReadUInt16LittleEndian(at), at[2], at[3], BinaryPrimitives.ReadUInt32LittleEndian(at[4..]));
        }
    }

    internal int Length => _program.Length;

    /// <summary>What the kernel would say at installation: null, or why it answers EINVAL.</summary>
    internal string? WhyRefused()
    {
        var length = _program.Length;
        if (length is 0 or > 4096)
        {
            return $"{length} instructions";
        }

        for (var pc = 0; pc < length; pc++)
        {
            var (code, jt, jf, k) = _program[pc];
            switch (code)
            {
                case 0x20:
                    if (k >= DataSize || (k & 3) != 0)
                    {
                        return $"{pc}: loads from {k}";
                    }

                    break;
                case 0x05:
                    if (k >= (uint)(length - pc - 1))
                    {
                        return $"{pc}: jumps beyond the end";
                    }

                    break;
                case 0x15 or 0x25 or 0x35 or 0x45:
                    if (pc + jt + 1 >= length || pc + jf + 1 >= length)
                    {
                        return $"{pc}: jumps beyond the end";
                    }

                    break;
                case 0x54 or 0x06:
                    break;
                default:
                    return $"{pc}: code 0x{code:x}";
            }
        }

        return _program[^1].Code == 0x06 ? null : "the last instruction does not return";
    }

    /// <summary>The filter's answer and how many instructions it took.</summary>
    internal (uint Answer, int Steps) Run(int number, uint architecture, ReadOnlySpan<ulong> args)
    {
        Span<byte> data = stackalloc byte[DataSize];
        BinaryPrimitives.WriteInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], architecture);
        BinaryPrimitives.WriteUInt64LittleEndian(data[8..], 0x7fff_dead_beef);
        for (var i = 0; i < 6; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data[(16 + (8 * i))..], args[i]);
        }

        uint a = 0;
        var steps = 0;
        for (var pc = 0; ; pc++)
        {
            var (code, jt, jf, k) = _program[pc];
            steps++;
            switch (code)
            {
                case 0x20: a = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)k..]); break;
                case 0x54: a &= k; break;
                case 0x05: pc += (int)k; break;
                case 0x06: return (k, steps);
                default: pc += Holds(code, a, k) ? jt : jf; break;
            }
        }
    }

    /// <summary>What the kernel does where two filters answer: the least action, signed, without its data (seccomp_run_filters). Of two of one kind that of the newer, given first.</summary>
    internal static uint Strictest(uint newer, uint older)
    {
        const uint action = 0xffff0000;
        return (int)(older & action) < (int)(newer & action) ? older : newer;
    }

    /// <summary>
    /// Whether the kernel puts the number into the allow-bitmap: it follows the program as far as nr and architecture decide,
    /// and gives up at the first load of anything else.
    /// </summary>
    internal bool IsAllowedByNumberAlone(int number, uint architecture)
    {
        uint a = 0;
        for (var pc = 0; pc < _program.Length; pc++)
        {
            var (code, jt, jf, k) = _program[pc];
            switch (code)
            {
                case 0x20 when k == 0: a = (uint)number; break;
                case 0x20 when k == 4: a = architecture; break;
                case 0x20: return false;
                case 0x54: a &= k; break;
                case 0x05: pc += (int)k; break;
                case 0x06: return k == 0x7fff0000;
                default: pc += Holds(code, a, k) ? jt : jf; break;
            }
        }

        return false;
    }

    private static bool Holds(ushort code, uint a, uint k) => code switch
    {
        0x15 => a == k,
        0x25 => a > k,
        0x35 => a >= k,
        0x45 => (a & k) != 0,
        _ => throw new InvalidDataException($"code 0x{code:x}"),
    };
}
