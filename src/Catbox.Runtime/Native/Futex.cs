using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>
/// Words that threads of this process wait on: futex(2). A hand-over between two threads costs two of these, and takes half of what .NET's events take. A word must not move:
/// it is one of a pinned array.
/// </summary>
internal static unsafe partial class Futex
{
    private const long NR_futex = 202;
    private const int FUTEX_WAIT_PRIVATE = 128;
    private const int FUTEX_WAKE_PRIVATE = 129;

    /// <summary>A word that does not move.</summary>
    public static int[] NewWord() => GC.AllocateArray<int>(1, pinned: true);

    /// <summary>Sleeps while the word has this value.</summary>
    /// <param name="word">From <see cref="NewWord"/>.</param>
    /// <param name="value">What it has to have for that.</param>
    /// <param name="nanoseconds">How long at most, less than a second; negative for as long as it takes.</param>
    /// <returns>ETIMEDOUT when the time is over; anything else means no more than that the word is to be looked at again.</returns>
    public static Errno Wait(int[] word, int value, long nanoseconds = -1)
    {
        var timeout = new Timespec { Nanoseconds = nanoseconds };
        fixed (int* at = word)
        {
            return syscall(NR_futex, at, FUTEX_WAIT_PRIVATE, value, nanoseconds < 0 ? null : &timeout) < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;
        }
    }

    /// <summary>Wakes one who sleeps on it.</summary>
    public static void Wake(int[] word)
    {
        fixed (int* at = word)
        {
            _ = syscall(NR_futex, at, FUTEX_WAKE_PRIVATE, 1, null);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, int* word, int operation, int value, Timespec* timeout);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
