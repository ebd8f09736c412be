using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Catbox.Testing;
using Xunit;

namespace Catbox.Native.AbiTests;

/// <summary>Asks the C compiler what names and expressions stand for. The kernel's headers and the C library's do not go into one program.</summary>
internal static class CHeaders
{
    /// <summary>The C library's.</summary>
    public static readonly IReadOnlyList<string> Library =
    [
        "dirent.h", "errno.h", "fcntl.h", "limits.h", "netinet/in.h", "netinet/tcp.h", "poll.h", "sched.h", "signal.h", "spawn.h", "stddef.h", "sys/mman.h", "sys/resource.h",
        "sys/socket.h", "sys/stat.h", "sys/types.h", "sys/uio.h", "sys/un.h", "sys/user.h", "sys/wait.h", "termios.h",
    ];

    /// <summary>The kernel's.</summary>
    public static readonly IReadOnlyList<string> Kernel =
    [
        "stddef.h", "linux/types.h", "linux/audit.h", "linux/capability.h", "linux/fcntl.h", "linux/fiemap.h", "linux/filter.h", "linux/fs.h", "linux/fscrypt.h",
        "linux/fsverity.h", "linux/futex.h", "linux/hdreg.h", "linux/in.h", "linux/in6.h", "linux/ioprio.h", "linux/landlock.h", "linux/limits.h", "linux/magic.h", "linux/major.h",
        "linux/memfd.h", "linux/netlink.h", "linux/openat2.h", "linux/pidfd.h", "linux/prctl.h", "linux/ptrace.h", "linux/random.h", "linux/sched.h",
        "linux/seccomp.h", "linux/sockios.h", "linux/stat.h", "linux/uio.h", "linux/userfaultfd.h", "linux/wait.h", "linux/xattr.h", "asm/ioctls.h", "asm/termbits.h",
    ];

    /// <summary>Skips the test where nobody can be asked, or where what we declare is not this architecture's.</summary>
    public static void SkipUnlessAnswering()
    {
        Skip.IfNot(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the headers are those of another architecture");
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);
    }

    /// <summary>
    /// The values of the names that are macros in one of the two sets of headers; what neither knows is not in the answer. Where they differ
    /// the kernel's counts: __O_TMPFILE of the C library has O_DIRECTORY in it.
    /// </summary>
    public static Dictionary<string, long> Macros(IReadOnlyCollection<string> names)
    {
        var found = Run(Kernel, names.Select(name => (name, name)), onlyMacros: true);
        foreach (var (name, value) in Run(Library, names.Select(name => (name, name)), onlyMacros: true))
        {
            found.TryAdd(name, value);
        }

        return found;
    }

    /// <summary>The values of the names that are macros in these headers; what they do not know is not in the answer.</summary>
    public static Dictionary<string, long> MacrosOf(IReadOnlyList<string> headers, IReadOnlyCollection<string> names) =>
        Run(headers, names.Select(static name => (name, name)), onlyMacros: true);

    /// <summary>The values of C expressions.</summary>
    /// <param name="headers">Where their names come from; those that this machine lacks are left out.</param>
    /// <param name="expressions">A key for each and the expression.</param>
    public static Dictionary<string, long> Values(IReadOnlyList<string> headers, IEnumerable<(string Key, string Expression)> expressions) =>
        Run(headers, expressions, onlyMacros: false);

    /// <summary>Whether a header of this machine knows a type.</summary>
    public static bool Declares(string header, string type)
    {
        try
        {
            return Values(["linux/types.h", header], [("size", $"sizeof({type})")]).Count == 1;
        }
        catch (InvalidOperationException)
        {
            return false; // the compiler says so
        }
    }

    private static Dictionary<string, long> Run(
        IReadOnlyList<string> headers, IEnumerable<(string Key, string Expression)> expressions, bool onlyMacros)
    {
        var source = new StringBuilder("#include <stdio.h>\n");
        foreach (var header in headers)
        {
            source.Append(CultureInfo.InvariantCulture, $"#if __has_include(<{header}>)\n#include <{header}>\n#endif\n");
        }

        source.Append("int main(void)\n{\n");
        foreach (var (key, expression) in expressions)
        {
            var print = $"    printf(\"%s %lld\\n\", \"{key}\", (long long)({expression}));\n";
            source.Append(onlyMacros ? $"#ifdef {key}\n{print}#endif\n" : print);
        }

        return CCompiler.BuildAndRun(source.Append("    return 0;\n}\n").ToString())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
