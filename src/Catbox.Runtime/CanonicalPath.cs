using System.Globalization;
using System.Text;
using Catbox.Policy;
using Catbox.Policy.Paths;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Paths;

namespace Catbox.Runtime;

/// <summary>Where a path leads for a process: its working directory, root, descriptors and <c>/proc/self</c>.</summary>
public static class CanonicalPath
{
    /// <summary>
    /// Resolves <paramref name="path"/> as the kernel would for <paramref name="pid"/>, by the same code that judges a guest's calls. The last component may
    /// be missing. For a process in another root or mount namespace the answer is the path as this process sees it.
    /// </summary>
    /// <param name="path">Bytes without NUL, absolute or relative to the working directory of the process.</param>
    /// <param name="follow">Whether a link in the last place is followed; one that leads to nothing gives what it leads to.</param>
    /// <param name="pid">A process; 0 is the caller's own process.</param>
    /// <returns>The canonical absolute path; <c>pipe:[12]</c> and the like for what has no name.</returns>
    /// <exception cref="CanonicalPathException">The look-up fails (path_resolution(7)), or the process is gone (ESRCH) or may not be looked into (EACCES).</exception>
    public static byte[] Resolve(ReadOnlySpan<byte> path, bool follow = true, int pid = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pid);
        if (path.Contains((byte)0))
        {
            throw new ArgumentException("a path holds no NUL", nameof(path));
        }

        var target = pid == 0 ? Environment.ProcessId : pid;
        var resolver = new TraceePathResolver();
        resolver.Bind(target, target);
        var into = new ResolvedPath();
        var root = -1;
        var errno = pid == 0 ? Errno.None : OpenForeignRoot(target, out root);
        if (errno.IsSuccess)
        {
            resolver.GuestRootFd = root;
            errno = resolver.Resolve(Files.AT_FDCWD, path, follow ? ResolveOptions.None : ResolveOptions.NoFollow, into);
            if (root >= 0)
            {
                Io.Close(root);
            }
        }

        return errno.IsSuccess ? into.Canonical.ToArray() : throw new CanonicalPathException(path, errno);
    }

    /// <summary>The root of a process where it is not ours by device, inode and mount; -1 where it is.</summary>
    private static Errno OpenForeignRoot(int pid, out int root)
    {
        var link = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root\0"));
        var errno = Files.Open(Files.AT_FDCWD, link, Files.O_PATH | Files.O_CLOEXEC, out root);
        if (!errno.IsSuccess)
        {
            return errno == Errno.ENOENT ? Errno.ESRCH : errno;
        }

        errno = Files.Stat(root, "\0"u8, Files.AT_EMPTY_PATH, out var theirs);
        Files.statx_buf ours = default;
        errno = errno.IsSuccess ? Files.Stat(Files.AT_FDCWD, "/\0"u8, 0, out ours) : errno;
        if (!errno.IsSuccess || (theirs.stx_ino == ours.stx_ino && theirs.Device == ours.Device && theirs.stx_mnt_id == ours.stx_mnt_id))
        {
            Io.Close(root);
            root = -1;
        }

        return errno;
    }
}
