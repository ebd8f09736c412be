using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing;

/// <summary>Follows the first lines of scripts as fs/binfmt_script.c does. Off the hot path.</summary>
internal static class ScriptInterpreter
{
    /// <summary>BINPRM_BUF_SIZE: how much of a program's beginning the kernel looks at.</summary>
    private const int Beginning = 256;

    /// <summary>A script's interpreter may be a script, so often (exec_binprm).</summary>
    private const int MaxScripts = 5;

    /// <summary>Whether an executable, as <c>/proc/PID/exe</c> leads to it, is what runs a script.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="script">A canonical path.</param>
    public static bool Runs(int pid, ReadOnlySpan<byte> script)
    {
        Span<byte> name = stackalloc byte[ProcPath.Size];
        if (!Files.Stat(Files.AT_FDCWD, ProcPath.Write(name, pid, "/exe"u8), Files.AT_STATX_DONT_SYNC, out var executable).IsSuccess)
        {
            return false;
        }

        Span<byte> path = stackalloc byte[4097];
        Span<byte> beginning = stackalloc byte[Beginning];
        if (script.Length >= path.Length)
        {
            return false;
        }

        script.CopyTo(path);
        path[script.Length] = 0;
        for (var i = 0; i < MaxScripts; i++)
        {
            if (!ReadBeginning(path, beginning, out var read) || !TryParse(beginning[..read], out var interpreter))
            {
                return false;
            }

            interpreter.CopyTo(path);
            path[interpreter.Length] = 0;
            if (Files.Stat(Files.AT_FDCWD, path, 0, out var found).IsSuccess && found.Device == executable.Device && found.stx_ino == executable.stx_ino)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The interpreter that a first line names: after <c>#!</c> and blanks, to the next blank or the line's end.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> beginning, out ReadOnlySpan<byte> interpreter)
    {
        interpreter = default;
        if (!beginning.StartsWith("#!"u8))
        {
            return false;
        }

        var line = beginning[2..];
        var end = line.IndexOfAny("\n\0"u8);
        line = (end < 0 ? line : line[..end]).TrimStart(" \t"u8);
        end = line.IndexOfAny(" \t"u8);
        interpreter = end < 0 ? line : line[..end];

        // A relative one depends on a working directory that may have changed since.
        return interpreter.StartsWith("/"u8);
    }

    private static bool ReadBeginning(ReadOnlySpan<byte> path, Span<byte> into, out int read)
    {
        read = 0;

        // Looked at before it is opened: the open of a device or a FIFO does something.
        if (!Files.Open(Files.AT_FDCWD, path, Files.O_PATH | Files.O_CLOEXEC, out var pinned).IsSuccess)
        {
            return false;
        }

        Span<byte> name = stackalloc byte[ProcPath.Size];
        var isRead = Files.Stat(pinned, "\0"u8, Files.AT_EMPTY_PATH, out var stat).IsSuccess && (stat.stx_mode & 0xf000) == 0x8000
            && Io.Open(ProcPath.WriteDescriptor(name, Environment.ProcessId, pinned), Io.O_RDONLY, 0, out var fd).IsSuccess
            && ReadAndClose(fd, into, out read);
        Io.Close(pinned);
        return isRead;
    }

    private static bool ReadAndClose(int fd, Span<byte> into, out int read)
    {
        var errno = Io.Read(fd, into, out read);
        Io.Close(fd);
        return errno.IsSuccess;
    }
}
