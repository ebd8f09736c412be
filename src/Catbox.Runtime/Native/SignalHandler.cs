using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>
/// A signal handler that is nothing but <c>write(fd, info, 24)</c>, in machine code: it may run on any thread and at any instruction, in the middle of managed code too, where no
/// function of the runtime's could. See docs/adr/0008.
/// </summary>
internal static unsafe partial class SignalHandler
{
    public const int SIGSTOP = 19;

    /// <summary>What it writes: the beginning of siginfo_t (signal, errno, code, padding, sender's pid and user).</summary>
    public const int RecordSize = 24;

    private const int SA_SIGINFO = 4;
    private const int SA_ONSTACK = 0x08000000;
    private const int SA_RESTART = 0x10000000;
    private const int PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4;
    private const int MAP_PRIVATE = 2, MAP_ANONYMOUS = 0x20;
    private const nuint PageSize = 4096;
    private const int O_NONBLOCK = 0x800;
    private const int SYS_tgkill = 234;

    /// <summary>Makes the page of a handler that writes to a descriptor.</summary>
    public static Errno Make(int fd, out nint handler)
    {
        handler = 0;
        var page = mmap(0, PageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == -1)
        {
            return Last;
        }

        // endbr64; mov eax, 1 (write); mov edi, FD; mov edx, 24; syscall; ret. The second argument of a handler, siginfo_t *, is in rsi already, where that of write is.
        ReadOnlySpan<byte> code = [0xf3, 0x0f, 0x1e, 0xfa, 0xb8, 1, 0, 0, 0, 0xbf, 0, 0, 0, 0, 0xba, RecordSize, 0, 0, 0, 0x0f, 0x05, 0xc3];
        var at = new Span<byte>((void*)page, code.Length);
        code.CopyTo(at);
        BinaryPrimitives.WriteInt32LittleEndian(at[10..], fd);
        if (mprotect(page, PageSize, PROT_READ | PROT_EXEC) < 0)
        {
            return Last;
        }

        handler = page;
        return Errno.None;
    }

    /// <summary>A pipe whose write end never waits.</summary>
    public static Errno Pipe(out int readEnd, out int writeEnd)
    {
        var error = Io.Pipe(out readEnd, out writeEnd);
        return error.IsSuccess && fcntl(writeEnd, 4 /* F_SETFL */, O_NONBLOCK) < 0 ? Last : error;
    }

    /// <summary>Installs the handler for a signal.</summary>
    public static Errno Install(int signal, nint handler) => Set(signal, handler, SA_SIGINFO | SA_ONSTACK | SA_RESTART);

    /// <summary>Gives a signal its default action.</summary>
    public static Errno Reset(int signal) => Set(signal, 0, 0);

    /// <summary>Sends a signal to the calling thread: it has taken effect when this returns.</summary>
    public static void Raise(int signal) => _ = syscall(SYS_tgkill, Environment.ProcessId, Sched.CurrentThread, signal);

    private static Errno Last => new(Marshal.GetLastPInvokeError());

    private static Errno Set(int signal, nint handler, int flags)
    {
        var action = new ChildSignal.SigAction { sa_handler = handler, sa_flags = flags };
        return sigaction(signal, &action, null) < 0 ? Last : Errno.None;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sigaction(int signal, ChildSignal.SigAction* action, ChildSignal.SigAction* old);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mprotect(nint address, nuint length, int protection);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint a, nint b, nint c);
}
