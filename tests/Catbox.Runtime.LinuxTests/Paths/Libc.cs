using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.LinuxTests.Paths;

/// <summary>What the tests do to files: names are bytes, and the kernel's errno is the answer.</summary>
internal static class Libc
{
    public const int AT_FDCWD = -100;
    public const int AT_REMOVEDIR = 0x200;
    public const int O_WRONLY = 1;
    public const int O_CREAT = 0x40;
    public const int O_DIRECTORY = 0x10000;
    public const int O_NOFOLLOW = 0x20000;
    public const int O_CLOEXEC = 0x80000;
    public const int O_PATH = 0x200000;

    public static Errno Open(int directory, ReadOnlySpan<byte> path, int flags, out int fd) =>
        Answer(fd = openat(directory, Terminated(path), flags | O_CLOEXEC, 0x180));

    public static Errno MakeDirectory(int directory, ReadOnlySpan<byte> path) => Answer(mkdirat(directory, Terminated(path), 0x1c0));

    public static Errno MakeLink(ReadOnlySpan<byte> target, int directory, ReadOnlySpan<byte> path) =>
        Answer(symlinkat(Terminated(target), directory, Terminated(path)));

    public static Errno HardLink(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to) => Answer(linkat(AT_FDCWD, Terminated(from), AT_FDCWD, Terminated(to), 0));

    public static Errno Remove(int directory, ReadOnlySpan<byte> path, int flags = 0) => Answer(unlinkat(directory, Terminated(path), flags));

    public static Errno MakeFifo(ReadOnlySpan<byte> path) => Answer(mkfifoat(AT_FDCWD, Terminated(path), 0x180));

    /// <summary>Whether a file has an extended attribute with something in it.</summary>
    public static bool HasAttribute(string path, string name) =>
        getxattr(Terminated(System.Text.Encoding.UTF8.GetBytes(path)), Terminated(System.Text.Encoding.UTF8.GetBytes(name)), [], 0) > 0;

    public static Errno Pipe(out int read, out int write)
    {
        var fds = new int[2];
        var errno = Answer(pipe2(fds, O_CLOEXEC));
        (read, write) = (fds[0], fds[1]);
        return errno;
    }

    public static Errno MakeMemoryFile(ReadOnlySpan<byte> name, out int fd) => Answer(fd = memfd_create(Terminated(name), 1));

    public static void CloseAll(params int[] fds)
    {
        foreach (var fd in fds)
        {
            _ = close(fd);
        }
    }

    /// <summary>The kernel's name for what a descriptor of this process leads to.</summary>
    public static byte[] NameOf(int fd)
    {
        var text = new byte[4096];
        var length = readlink(Terminated(System.Text.Encoding.ASCII.GetBytes($"/proc/self/fd/{fd}")), text, text.Length);
        return length < 0 ? throw new InvalidOperationException(Answer(-1).ToString()) : text[..(int)length];
    }

    private static byte[] Terminated(ReadOnlySpan<byte> path) => [.. path, 0];

    private static Errno Answer(int result) => result < 0 ? new Errno(Marshal.GetLastPInvokeError()) : Errno.None;

    [DllImport("libc", SetLastError = true)]
    private static extern int openat(int directory, byte[] path, int flags, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int mkdirat(int directory, byte[] path, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int symlinkat(byte[] target, int directory, byte[] path);

    [DllImport("libc", SetLastError = true)]
    private static extern int linkat(int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int unlinkat(int directory, byte[] path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int mkfifoat(int directory, byte[] path, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int pipe2(int[] fds, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int memfd_create(byte[] name, uint flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int fd);

    [DllImport("libc", SetLastError = true)]
    private static extern nint readlink(byte[] path, byte[] text, nint room);

    [DllImport("libc", SetLastError = true)]
    private static extern nint getxattr(byte[] path, byte[] name, byte[] value, nint room);
}
