using Catbox.Runtime.Native;

namespace Catbox.Runtime.Diagnostics;

/// <summary>
/// Descriptors 0–2 of a process that may have been started without them. Its own files would land there, and so do the runtime's, which are open before any code of ours
/// runs: text that is written to "stderr" would then go to a pipe in which the runtime hears of signals.
/// </summary>
/// <remarks>
/// What came through an exec has no FD_CLOEXEC; whatever the runtime opens has it. So they are told apart at any time, and need not be moved: nothing is written to
/// a descriptor that was not inherited, and a guest is started without it, as it would be outside.
/// </remarks>
internal static class HostDescriptors
{
    /// <summary>
    /// Puts /dev/null, close-on-exec, on those of 0–2 that are free, so that nothing else is opened there. To be called before anything else.
    /// </summary>
    public static void Guard()
    {
        while (true)
        {
            // Where there is no /dev, anything that can neither be read nor written.
            var error = Files.Open(Files.AT_FDCWD, "/dev/null\0"u8, Io.O_RDWR | Files.O_CLOEXEC, out var fd);
            if (!error.IsSuccess)
            {
                error = Files.Open(Files.AT_FDCWD, "/\0"u8, Files.O_PATH | Files.O_CLOEXEC, out fd);
            }

            if (!error.IsSuccess)
            {
                return;
            }

            if (fd > 2)
            {
                Io.Close(fd);
                return;
            }
        }
    }

    /// <summary>Whether this process was started with a descriptor, and hands it down.</summary>
    public static bool IsInherited(int descriptor) => Io.IsInherited(descriptor);
}
