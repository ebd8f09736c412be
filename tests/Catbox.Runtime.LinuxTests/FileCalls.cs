using System.Globalization;

namespace Catbox.Runtime.LinuxTests;

/// <summary>The calls that <c>guests/filecalls.c</c> makes: what they need, and what they are called in a violation.</summary>
internal static class FileCalls
{
    /// <summary>What stands at the path (and the second one) before the call.</summary>
    internal enum Needs
    {
        /// <summary>A file.</summary>
        File,
        /// <summary>An empty directory.</summary>
        Directory,
        /// <summary>Nothing.</summary>
        Nothing,
        /// <summary>A file; nothing at the second path.</summary>
        FileAndNew,
        /// <summary>Two files.</summary>
        TwoFiles,
        /// <summary>A directory; nothing at the second path.</summary>
        DirectoryAndNew,
    }

    /// <param name="Name">Its name in filecalls.c.</param>
    /// <param name="Operation">The system call.</param>
    /// <param name="Needs">What must be there.</param>
    /// <param name="At">Whether it takes a directory descriptor.</param>
    /// <param name="ByPath">Whether the judged call names the path itself (a descriptor's call does not).</param>
    /// <param name="Follows">Whether it follows a final symlink.</param>
    internal sealed record Row(string Name, string Operation, Needs Needs, bool At, bool ByPath, bool Follows);

    private const bool F = false;
    private const bool T = true;

    public static Row[] All { get; } =
    [
        new("open-wronly", "open", Needs.File, F, T, T),
        new("open-rdwr", "open", Needs.File, F, T, T),
        new("open-accmode3", "open", Needs.File, F, T, T),
        new("open-append", "open", Needs.File, F, T, T),
        new("open-rdonly-trunc", "open", Needs.File, F, T, T),
        new("open-creat-trunc", "open", Needs.File, F, T, T),
        new("open-rdonly-creat", "open", Needs.Nothing, F, T, T),
        new("open-creat", "open", Needs.Nothing, F, T, T),
        new("open-creat-excl", "open", Needs.Nothing, F, T, F),
        new("openat-wronly", "openat", Needs.File, T, T, T),
        new("openat-creat", "openat", Needs.Nothing, T, T, T),
        new("openat-tmpfile", "openat", Needs.Directory, T, T, T),
        new("openat2-wronly", "openat2", Needs.File, T, T, T),
        new("openat2-creat", "openat2", Needs.Nothing, T, T, T),
        new("creat", "creat", Needs.Nothing, F, T, T),
        new("truncate", "truncate", Needs.File, F, T, T),
        new("mkdir", "mkdir", Needs.Nothing, F, T, F),
        new("mkdirat", "mkdirat", Needs.Nothing, T, T, F),
        new("rmdir", "rmdir", Needs.Directory, F, T, F),
        new("unlinkat-removedir", "unlinkat", Needs.Directory, T, T, F),
        new("mknod", "mknod", Needs.Nothing, F, T, F),
        new("mknod-fifo", "mknod", Needs.Nothing, F, T, F),
        new("mknodat", "mknodat", Needs.Nothing, T, T, F),
        new("unlink", "unlink", Needs.File, F, T, F),
        new("unlinkat", "unlinkat", Needs.File, T, T, F),
        new("symlink", "symlink", Needs.Nothing, F, T, F),
        new("symlinkat", "symlinkat", Needs.Nothing, T, T, F),
        new("rename", "rename", Needs.FileAndNew, F, T, F),
        new("renameat", "renameat", Needs.FileAndNew, T, T, F),
        new("renameat2", "renameat2", Needs.FileAndNew, T, T, F),
        new("renameat2-noreplace", "renameat2", Needs.FileAndNew, T, T, F),
        new("renameat2-exchange", "renameat2", Needs.TwoFiles, T, T, F),
        new("link", "link", Needs.FileAndNew, F, T, F),
        new("linkat", "linkat", Needs.FileAndNew, T, T, F),
        new("linkat-follow", "linkat", Needs.FileAndNew, T, T, F),
        new("linkat-empty", "linkat", Needs.FileAndNew, T, F, F),
        new("chmod", "chmod", Needs.File, F, T, T),
        new("fchmod", "fchmod", Needs.File, F, F, T),
        new("fchmodat", "fchmodat", Needs.File, T, T, T),
        new("fchmodat2", "fchmodat2", Needs.File, T, T, T),
        new("fchmodat2-empty", "fchmodat2", Needs.File, F, F, T),
        new("chown", "chown", Needs.File, F, T, T),
        new("fchown", "fchown", Needs.File, F, F, T),
        new("lchown", "lchown", Needs.File, F, T, F),
        new("fchownat", "fchownat", Needs.File, T, T, T),
        new("fchownat-nofollow", "fchownat", Needs.File, T, T, F),
        new("fchownat-empty", "fchownat", Needs.File, F, F, T),
        new("utime", "utime", Needs.File, F, T, T),
        new("utimes", "utimes", Needs.File, F, T, T),
        new("futimesat", "futimesat", Needs.File, T, T, T),
        new("utimensat", "utimensat", Needs.File, T, T, T),
        new("utimensat-nofollow", "utimensat", Needs.File, T, T, F),
        new("utimensat-null", "utimensat", Needs.File, F, F, T),
        new("utimensat-empty", "utimensat", Needs.File, F, F, T),
        new("setxattr", "setxattr", Needs.File, F, T, T),
        new("lsetxattr", "lsetxattr", Needs.File, F, T, F),
        new("fsetxattr", "fsetxattr", Needs.File, F, F, T),
        new("setxattrat", "setxattrat", Needs.File, T, T, T),
        new("removexattr", "removexattr", Needs.File, F, T, T),
        new("lremovexattr", "lremovexattr", Needs.File, F, T, F),
        new("fremovexattr", "fremovexattr", Needs.File, F, F, T),
        new("removexattrat", "removexattrat", Needs.File, T, T, T),
        new("file_setattr", "file_setattr", Needs.File, T, T, T),
        new("bind", "bind", Needs.Nothing, F, T, F),
        new("reopen-opath", "openat", Needs.File, F, F, T),
        new("reopen-rdonly", "openat", Needs.File, F, F, T),
        new("reopen-rdonly-trunc", "openat", Needs.File, F, F, T),
    ];

    public static Row Named(string name) => All.Single(c => c.Name == name);

    /// <summary>Puts what a call needs at its paths.</summary>
    /// <returns>The arguments that follow the call's name.</returns>
    public static string[] Prepare(Row call, string first, string second)
    {
        if (call.Needs is Needs.Directory or Needs.DirectoryAndNew)
        {
            Directory.CreateDirectory(first);
        }
        else if (call.Needs != Needs.Nothing)
        {
            Scratch.MakeFile(first);
            if (call.Name.Contains("removexattr", StringComparison.Ordinal))
            {
                Outside("setxattr", first);
            }
        }

        if (call.Needs == Needs.TwoFiles)
        {
            Scratch.MakeFile(second, "other");
        }

        return call.Needs is Needs.FileAndNew or Needs.TwoFiles or Needs.DirectoryAndNew ? [first, second] : [first];
    }

    /// <summary>Makes a call without a sandbox and gives its result: 0 or -errno. Skips the test where this kernel or file system has no such call.</summary>
    public static int Outside(params string[] arguments)
    {
        var result = int.Parse(Unconfined.Run(Guests.Build("filecalls"), arguments).Succeeded().Error, CultureInfo.InvariantCulture);
        Skip.If(result is -38 or -95, $"this kernel or file system has no {arguments[0]} (errno {-result})");
        return result;
    }
}
