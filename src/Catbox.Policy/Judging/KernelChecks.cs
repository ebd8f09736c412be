using System.Buffers.Binary;
using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Judging;

/// <summary>The checks that a <see cref="KernelOrder"/> is made of. Each is made once, with the table.</summary>
internal static class KernelChecks
{
    /// <summary>An int of flags: EINVAL for a bit that the kernel does not know.</summary>
    public static KernelCheck Known(int index, uint mask) => (in call) => ((uint)call.Int(index) & ~mask) == 0 ? Errno.None : Errno.EINVAL;

    /// <summary>An error where something holds of the registers.</summary>
    public static KernelCheck Unless(Func<SyscallArgs, bool> holds, Errno error) => (in call) => holds(call.Request.Args) ? Errno.None : error;

    /// <summary>EPERM for who has not a capability; where registers say that it is asked for.</summary>
    public static KernelCheck Capability(int capability, Func<SyscallArgs, bool>? asks = null) => (in call) =>
        (asks is null || asks(call.Request.Args)) && !call.Tree.Kernel.HasCapability(capability) ? Errno.EPERM : Errno.None;

    /// <summary>ENOSYS where the kernel was built without the call.</summary>
    public static KernelCheck Built { get; } = static (in call) => call.Tree.Kernel.HasCall(call.Request.Row.Number) ? Errno.None : Errno.ENOSYS;

    /// <summary>EFAULT for a pointer to so many bytes that cannot be read.</summary>
    public static KernelCheck Memory(int index, int size, bool mayBeNull = false) => (in call) => Readable(in call, index, size, mayBeNull);

    /// <summary>The same, where another argument says how many bytes.</summary>
    public static KernelCheck MemoryOf(int index, int sizeIndex, int most) => (in call) =>
        Readable(in call, index, (int)Math.Min(call.Register(sizeIndex), (ulong)most), mayBeNull: false);

    /// <summary>A string that is not looked up: EFAULT.</summary>
    public static KernelCheck Text(int index, bool mayBeNull = false) => (in call) =>
        (mayBeNull && call.Register(index) == 0) || ReadString(in call, index).IsSuccess ? Errno.None : Errno.EFAULT;

    /// <summary>A path that must lead to something: what getname and the look-up answer.</summary>
    /// <param name="index">The argument; the directory is the one before it, where that is one.</param>
    /// <param name="kind">The kind that it must be of; <see cref="FileKind.Unknown"/>: any.</param>
    /// <param name="otherwise">The error of another kind.</param>
    public static KernelCheck Path(int index, FileKind kind = FileKind.Unknown, Errno otherwise = default) => (in call) =>
    {
        var error = LookUp(in call, index);
        return !error.IsSuccess || kind == FileKind.Unknown || call.Room.Kind == kind ? error : otherwise;
    };

    /// <summary>A path that must lead to something that is no directory: EISDIR.</summary>
    public static KernelCheck File(int index) => (in call) =>
    {
        var error = LookUp(in call, index);
        return error.IsSuccess && call.Room.Kind == FileKind.Directory ? Errno.EISDIR : error;
    };

    /// <summary>EBADF for what is not open.</summary>
    public static KernelCheck Descriptor(int index) => (in call) => Open(in call, index);

    /// <summary>EBADF for what is not open, and ENOTSOCK for what is no socket.</summary>
    public static KernelCheck Socket(int index) => (in call) =>
    {
        var error = Open(in call, index);
        return !error.IsSuccess || call.Room.Canonical.StartsWith("socket:["u8) ? error : Errno.ENOTSOCK;
    };

    /// <summary>EBADF for what is not open, and another error for what is not one of these objects without a path.</summary>
    public static KernelCheck Anonymous(int index, byte[][] beginnings, Errno otherwise) => (in call) =>
    {
        var error = Open(in call, index);
        if (!error.IsSuccess)
        {
            return error;
        }

        foreach (var beginning in beginnings)
        {
            if (call.Room.Canonical.StartsWith(beginning))
            {
                return Errno.None;
            }
        }

        return otherwise;
    };

    /// <summary>EINVAL for a signal's number that is none (valid_signal).</summary>
    public static KernelCheck Signal(int index) => Unless(args => (uint)KernelBits.Int(args[index]) <= 64, Errno.EINVAL);

    /// <summary>EINVAL for a number that is not above zero.</summary>
    public static KernelCheck Positive(int index) => Unless(args => KernelBits.Int(args[index]) > 0, Errno.EINVAL);

    /// <summary>EPERM where the kernel itself keeps everybody on our side from a process.</summary>
    public static KernelCheck Reach(int index) => (in call) =>
        call.Int(index) <= 0 || call.Tree.Kernel.MayReach(call.Int(index)) ? Errno.None : Errno.EPERM;

    /// <summary>A number in the caller's memory; what cannot be read is 0.</summary>
    public static int IntAt(in CallFacts call, int index, int offset)
    {
        Span<byte> bytes = stackalloc byte[4];
        return call.Memory.Read(unchecked(call.Register(index) + (ulong)offset), bytes, out var read).IsSuccess && read == 4
            ? BinaryPrimitives.ReadInt32LittleEndian(bytes)
            : 0;
    }

    /// <summary>The same, of 64 bits.</summary>
    public static long LongAt(in CallFacts call, int index, int offset)
    {
        Span<byte> bytes = stackalloc byte[8];
        return call.Memory.Read(unchecked(call.Register(index) + (ulong)offset), bytes, out var read).IsSuccess && read == 8
            ? BinaryPrimitives.ReadInt64LittleEndian(bytes)
            : 0;
    }

    /// <summary>Whether so many bytes can be read.</summary>
    public static Errno Readable(in CallFacts call, int index, int size, bool mayBeNull)
    {
        if (size <= 0 || (mayBeNull && call.Register(index) == 0))
        {
            return Errno.None;
        }

        Span<byte> bytes = stackalloc byte[512];
        var address = call.Register(index);
        for (var at = 0; at < size; at += bytes.Length)
        {
            var piece = bytes[..Math.Min(bytes.Length, size - at)];
            if (!call.Memory.Read(unchecked(address + (ulong)at), piece, out var read).IsSuccess || read != piece.Length)
            {
                return Errno.EFAULT;
            }
        }

        return Errno.None;
    }

    /// <summary>A descriptor of the caller's; what it is stands in the room.</summary>
    public static Errno Open(in CallFacts call, int index) =>
        call.Int(index) < 0 ? Errno.EBADF : call.Paths.ResolveDescriptor(call.Int(index), call.Room);

    private static Errno LookUp(in CallFacts call, int index)
    {
        Span<byte> path = stackalloc byte[KernelBits.PATH_MAX];
        var error = ReadString(in call, index, path, out var length);
        if (!error.IsSuccess)
        {
            return error;
        }

        path = path[..length];
        var directory = index > 0 && call.Request.Row.Arg(index - 1) == ArgKind.DirFd ? call.Int(index - 1) : KernelBits.AT_FDCWD;
        if (path.IsEmpty)
        {
            // With AT_EMPTY_PATH and its like it is the descriptor itself.
            return directory == KernelBits.AT_FDCWD && call.Request.Row.IndexOf(ArgKind.DirFd) < 0 ? Errno.ENOENT : Errno.None;
        }

        error = call.Paths.Resolve(directory, path, ResolveOptions.Stat, call.Room);
        return error.IsSuccess && !call.Room.Exists ? Errno.ENOENT : error;
    }

    private static Errno ReadString(in CallFacts call, int index)
    {
        Span<byte> text = stackalloc byte[KernelBits.PATH_MAX];
        return ReadString(in call, index, text, out _);
    }

    private static Errno ReadString(in CallFacts call, int index, Span<byte> into, out int length) =>
        call.Memory.ReadString(call.Register(index), into, out length);
}
