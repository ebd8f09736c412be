using System.Runtime.InteropServices;
using Catbox.Policy;

namespace Catbox.Runtime.Native;

/// <summary>
/// posix_spawn(3): the only way that a process is made here. fork() is not safe in a managed process; posix_spawn does the dangerous part in C.
/// The attribute structures are opaque: 336 and 80 bytes with glibc, less with musl; we give them room.
/// </summary>
internal static partial class Spawn
{
    private const short POSIX_SPAWN_SETSIGDEF = 0x04;
    private const short POSIX_SPAWN_SETSIGMASK = 0x08;
    private const int OpaqueSize = 1024;

    /// <summary>Room for sigset_t, 128 bytes in glibc and musl.</summary>
    public const int SigsetSize = 128;


    [LibraryImport("libc")]
    private static unsafe partial int posix_spawn(int* pid, byte* path, void* fileActions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_init(void* attributes);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_setsigdefault(void* attributes, void* set);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_setsigmask(void* attributes, void* set);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawn_file_actions_adddup2(void* actions, int fd, int newFd);

    [LibraryImport("libc")]
    private static unsafe partial int sigemptyset(void* set);

    [LibraryImport("libc")]
    private static unsafe partial int sigaddset(void* set, int signal);

    /// <summary>
    /// Starts <paramref name="path"/> (NUL-terminated) with an empty environment, an empty signal mask, and default dispositions but for
    /// <paramref name="keepIgnored"/> (a bit a signal, bit 0 is signal 1).
    /// </summary>
    /// <param name="path">The program.</param>
    /// <param name="descriptors">What becomes descriptor 0, 1, 2 and 3 of the child; -1 leaves one as it is.</param>
    /// <param name="keepIgnored">Signals that stay ignored, as under nohup.</param>
    /// <param name="pid">The child.</param>
    public static unsafe Errno Start(ReadOnlySpan<byte> path, ReadOnlySpan<int> descriptors, ulong keepIgnored, out int pid)
    {
        var attributes = stackalloc byte[OpaqueSize];
        var actions = stackalloc byte[OpaqueSize];
        var signals = stackalloc byte[SigsetSize];
        _ = posix_spawnattr_init(attributes);
        _ = posix_spawn_file_actions_init(actions);
        _ = sigemptyset(signals);
        _ = posix_spawnattr_setsigmask(attributes, signals);
        for (var signal = 1; signal <= 64; signal++)
        {
            // 32 and 33 are the C library's own; it refuses them here and resets them itself.
            if ((keepIgnored >> (signal - 1) & 1) == 0 && signal is not (32 or 33))
            {
                _ = sigaddset(signals, signal);
            }
        }

        _ = posix_spawnattr_setsigdefault(attributes, signals);
        _ = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
        for (var i = 0; i < descriptors.Length; i++)
        {
            if (descriptors[i] >= 0)
            {
                _ = posix_spawn_file_actions_adddup2(actions, descriptors[i], i);
            }
        }

        var argv = stackalloc byte*[2];
        var envp = stackalloc byte*[1];
        var child = 0;
        int result;
        fixed (byte* at = path)
        {
            argv[0] = at;
            argv[1] = null;
            envp[0] = null;
            result = posix_spawn(&child, at, actions, attributes, argv, envp);
        }

        _ = posix_spawnattr_destroy(attributes);
        _ = posix_spawn_file_actions_destroy(actions);
        pid = child;
        return new Errno(result);
    }
}
