using System.Runtime.InteropServices;

namespace Catbox.Runtime.Native;

/// <summary>Who gets the signal of an open file that has become ready (fcntl(2)).</summary>
internal static unsafe partial class Owners
{
    public const int F_SETSIG = 10;
    public const int F_SETOWN_EX = 15;
    public const int F_OWNER_TID = 0;
    public const int F_OWNER_PID = 1;
    public const int F_OWNER_PGRP = 2;
    public const uint FIOASYNC = 0x5452;

    private const int F_GETOWN_EX = 16;

    // The system call and not the C library's fcntl, which has variable arguments.
    private const int SYS_fcntl = 72;

    /// <summary>Reads <c>struct f_owner_ex</c>: type and id.</summary>
    /// <returns>0, or the negated errno.</returns>
    public static long Get(int fd, Span<byte> owner)
    {
        fixed (byte* at = owner)
        {
            return Control(fd, F_GETOWN_EX, (nint)at);
        }
    }

    /// <summary>Sets it.</summary>
    public static long Set(int fd, ReadOnlySpan<byte> owner)
    {
        fixed (byte* at = owner)
        {
            return Control(fd, F_SETOWN_EX, (nint)at);
        }
    }

    /// <summary>Another command.</summary>
    public static long Control(int fd, int command, nint argument)
    {
        var result = syscall(SYS_fcntl, fd, command, argument);
        return result < 0 ? -Marshal.GetLastPInvokeError() : result;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint fd, nint command, nint argument);
}
