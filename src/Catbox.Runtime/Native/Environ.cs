using System.Runtime.InteropServices;

namespace Catbox.Runtime.Native;

/// <summary>
/// The environment of this process as the C library has it: <c>extern char **environ</c> (environ(7)). It is what a child of any other program
/// would inherit: execve's block, and what setenv(3), putenv(3) or clearenv(3) have made of it since. Nothing in .NET writes it.
/// </summary>
internal static unsafe class Environ
{
    /// <summary>
    /// A copy of the entries, in their order, whatever they look like. As everywhere in C, a setenv(3) at the same time on another thread is the
    /// caller's mistake.
    /// </summary>
    /// <returns>False where no C library tells (a program that is linked statically).</returns>
    public static bool TryRead(out List<GuestString> entries)
    {
        entries = [];

        // By way of the program, not of libc: a program that names the variable itself has its own copy of it, which the C library then uses too.
        if (!NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "environ", out var address))
        {
            return false;
        }

        for (var entry = *(byte***)address; entry != null && *entry != null; entry++)
        {
            entries.Add(new GuestString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*entry)));
        }

        return true;
    }
}
