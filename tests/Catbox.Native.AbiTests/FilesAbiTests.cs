using System.Globalization;
using System.Runtime.InteropServices;
using Catbox.Runtime.Native;
using Catbox.Testing;
using Xunit;

namespace Catbox.Native.AbiTests;

/// <summary>What <see cref="Files"/> declares against the kernel's headers.</summary>
public sealed class FilesAbiTests
{
    private static readonly (string C, long Ours)[] Expected =
    [
        ("AT_FDCWD", Files.AT_FDCWD),
        ("AT_SYMLINK_NOFOLLOW", Files.AT_SYMLINK_NOFOLLOW),
        ("AT_NO_AUTOMOUNT", Files.AT_NO_AUTOMOUNT),
        ("AT_EMPTY_PATH", Files.AT_EMPTY_PATH),
        ("AT_STATX_DONT_SYNC", Files.AT_STATX_DONT_SYNC),
        ("O_WRONLY", Files.O_WRONLY),
        ("O_NONBLOCK", Files.O_NONBLOCK),
        ("O_DIRECTORY", Files.O_DIRECTORY),
        ("O_NOFOLLOW", Files.O_NOFOLLOW),
        ("O_CLOEXEC", Files.O_CLOEXEC),
        ("O_PATH", Files.O_PATH),
        ("RESOLVE_NO_MAGICLINKS", (long)Files.RESOLVE_NO_MAGICLINKS),
        ("RESOLVE_NO_SYMLINKS", (long)Files.RESOLVE_NO_SYMLINKS),
        ("STATX_TYPE", Files.STATX_TYPE),
        ("STATX_NLINK", Files.STATX_NLINK),
        ("STATX_INO", Files.STATX_INO),
        ("STATX_SIZE", Files.STATX_SIZE),
        ("STATX_MNT_ID", Files.STATX_MNT_ID),
        ("PROC_SUPER_MAGIC", Files.PROC_SUPER_MAGIC),
        ("SYS_readlinkat", Files.SYS_readlinkat),
        ("SYS_openat", Files.SYS_openat),
        ("SYS_fstatfs", Files.SYS_fstatfs),
        ("SYS_statx", Files.SYS_statx),
        ("SYS_close_range", Files.SYS_close_range),
        ("SYS_openat2", Files.SYS_openat2),
        ("sizeof(struct open_how)", Marshal.SizeOf<Files.open_how>()),
        ("offsetof(struct open_how, resolve)", Offset<Files.open_how>(nameof(Files.open_how.resolve))),
        ("sizeof(struct statx)", Marshal.SizeOf<Files.statx_buf>()),
        ("offsetof(struct statx, stx_mask)", Offset<Files.statx_buf>(nameof(Files.statx_buf.stx_mask))),
        ("offsetof(struct statx, stx_nlink)", Offset<Files.statx_buf>(nameof(Files.statx_buf.stx_nlink))),
        ("offsetof(struct statx, stx_mode)", Offset<Files.statx_buf>(nameof(Files.statx_buf.stx_mode))),
        ("offsetof(struct statx, stx_ino)", Offset<Files.statx_buf>(nameof(Files.statx_buf.stx_ino))),
        ("offsetof(struct statx, stx_rdev_major)", Offset<Files.statx_buf>(nameof(Files.statx_buf.stx_rdev_major))),
        ("offsetof(struct statx, stx_size)", Offset<Files.statx_buf>(nameof(Files.statx_buf.stx_size))),
        ("offsetof(struct statx, stx_dev_major)", Offset<Files.statx_buf>(nameof(Files.statx_buf.stx_dev_major))),
        ("offsetof(struct statx, stx_dev_minor)", Offset<Files.statx_buf>(nameof(Files.statx_buf.stx_dev_minor))),
        ("offsetof(struct statx, stx_mnt_id)", Offset<Files.statx_buf>(nameof(Files.statx_buf.stx_mnt_id))),
        ("offsetof(struct statfs, f_type)", 0),
        ("sizeof(((struct statfs *)0)->f_type)", sizeof(long)),
    ];

    [SkippableFact]
    public void Constants_and_layouts_are_the_headers()
    {
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);

        var prints = string.Concat(Expected.Select(e => $"    printf(\"%lld\\n\", (long long)({e.C}));\n"));
        var source = "#define _GNU_SOURCE\n#include <fcntl.h>\n#include <linux/magic.h>\n#include <linux/openat2.h>\n#include <stddef.h>\n#include <stdio.h>\n"
            + "#include <sys/stat.h>\n#include <sys/syscall.h>\n#include <sys/vfs.h>\nint main(void)\n{\n" + prints + "}\n";
        var values = CCompiler.BuildAndRun(source).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(v => long.Parse(v, CultureInfo.InvariantCulture));

        Assert.Equal(Expected.Select(e => (e.C, e.Ours)), Expected.Zip(values, (e, v) => (e.C, v)));
    }

    [SkippableFact]
    public void The_room_for_statfs_is_enough()
    {
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);

        var size = CCompiler.BuildAndRun("#include <stdio.h>\n#include <sys/vfs.h>\nint main(void) { printf(\"%zu\", sizeof(struct statfs)); }");
        Assert.InRange(int.Parse(size, CultureInfo.InvariantCulture), 1, 16 * sizeof(long));
    }

    private static long Offset<T>(string field) => Marshal.OffsetOf<T>(field);
}
