using System.Buffers.Binary;
using Catbox.Policy.Decoding;
using Catbox.Policy.Filtering;

namespace Catbox.Policy.Enacting;

/// <summary>The call by which a task lays a filter over those that it has: its program lies in a sealed slot, where nobody else can change it.</summary>
internal static class FilterCall
{
    private const int SYS_seccomp = 317;

    // include/uapi/linux/seccomp.h
    private const ulong SECCOMP_SET_MODE_FILTER = 1, SECCOMP_FILTER_FLAG_TSYNC = 1;

    // struct sock_fprog (include/uapi/linux/filter.h): unsigned short len, struct sock_filter *filter.
    private const int HeaderSize = 16, PointerAt = 8;

    /// <summary>The largest program that a slot takes: a page.</summary>
    private const int MaxBytes = SlotCall.Size / 2;

    /// <summary>Plans it.</summary>
    /// <param name="program">What is laid over.</param>
    /// <param name="synchronizes">Whether all threads of the process get it, or none (SECCOMP_FILTER_FLAG_TSYNC).</param>
    /// <param name="into">Overwritten as a whole.</param>
    /// <returns>False where the program is too long for a slot.</returns>
    public static bool TryPlan(FilterProgram program, bool synchronizes, SlotCall into)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(into);
        var bytes = program.ToBytes();
        if (bytes.Length > MaxBytes)
        {
            return false;
        }

        var args = default(SyscallArgs);
        args[0] = SECCOMP_SET_MODE_FILTER;
        args[1] = synchronizes ? SECCOMP_FILTER_FLAG_TSYNC : 0;
        into.Begin(SYS_seccomp, in args);
        Span<byte> header = stackalloc byte[HeaderSize];
        header.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)program.Instructions.Length);
        into.PutBehind(into.Put(2, header) + PointerAt, bytes);
        return true;
    }
}
