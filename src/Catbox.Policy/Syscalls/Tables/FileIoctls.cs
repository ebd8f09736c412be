using System.Collections.Frozen;
using System.Collections.Immutable;
using S = Catbox.Policy.Syscalls.IoctlScope;

namespace Catbox.Policy.Syscalls.Tables;

/// <summary>
/// The requests that are known of files, file systems, block devices and the random device (include/uapi/linux: fs.h, fiemap.h, fsverity.h, fscrypt.h, msdos_fs.h,
/// ext4.h, btrfs.h, random.h; fs/xfs/libxfs/xfs_fs.h). What a writable descriptor may be asked for stands here; what does not, is refused.
/// </summary>
/// <remarks>Numbers are those of 64-bit callers, and the same on every architecture that counts directions as asm-generic/ioctl.h does.</remarks>
internal static class FileIoctls
{
    /// <summary>The table.</summary>
    internal static ImmutableArray<IoctlRow> All { get; } =
    [
        new(1, "FIBMAP", S.Reads),
        new(2, "FIGETBSZ", S.Reads),
        new(0xC020660B, "FS_IOC_FIEMAP", S.Reads),
        new(0x80086601, "FS_IOC_GETFLAGS", S.Reads),
        new(0x80046601, "FS_IOC32_GETFLAGS", S.Reads),
        new(0x80087601, "FS_IOC_GETVERSION", S.Reads),
        new(0x80047601, "FS_IOC32_GETVERSION", S.Reads),
        new(0x801C581F, "FS_IOC_FSGETXATTR", S.Reads),
        new(0x81009431, "FS_IOC_GETFSLABEL", S.Reads),
        new(0x80111500, "FS_IOC_GETFSUUID", S.Reads),
        new(0x80811501, "FS_IOC_GETFSSYSFSPATH", S.Reads),
        new(0xC0046686, "FS_IOC_MEASURE_VERITY", S.Reads),
        new(0xC0286687, "FS_IOC_READ_VERITY_METADATA", S.Reads),
        new(0x400C6615, "FS_IOC_GET_ENCRYPTION_POLICY", S.Reads),
        new(0xC0096616, "FS_IOC_GET_ENCRYPTION_POLICY_EX", S.Reads),
        new(0xC080661A, "FS_IOC_GET_ENCRYPTION_KEY_STATUS", S.Reads),
        new(0x8010661B, "FS_IOC_GET_ENCRYPTION_NONCE", S.Reads),
        new(0x80047210, "FAT_IOCTL_GET_ATTRIBUTES", S.Reads),
        new(0x80047213, "FAT_IOCTL_GET_VOLUME_ID", S.Reads),

        // A file of /proc/PID/maps that was opened: whose it is was decided at its opening.
        new(0xC0686611, "PROCMAP_QUERY", S.Reads),

        new(0x125E, "BLKROGET", S.Reads),
        new(0x1260, "BLKGETSIZE", S.Reads),
        new(0x1263, "BLKRAGET", S.Reads),
        new(0x1265, "BLKFRAGET", S.Reads),
        new(0x1267, "BLKSECTGET", S.Reads),
        new(0x1268, "BLKSSZGET", S.Reads),
        new(0x1278, "BLKIOMIN", S.Reads),
        new(0x1279, "BLKIOOPT", S.Reads),
        new(0x127A, "BLKALIGNOFF", S.Reads),
        new(0x127B, "BLKPBSZGET", S.Reads),
        new(0x127C, "BLKDISCARDZEROES", S.Reads),
        new(0x127E, "BLKROTATIONAL", S.Reads),
        new(0x80081270, "BLKBSZGET", S.Reads),
        new(0x80081272, "BLKGETSIZE64", S.Reads),
        new(0x0301, "HDIO_GETGEO", S.Reads),
        new(0x80045200, "RNDGETENTCNT", S.Reads),

        // generic_file_rw_checks (fs/read_write.c) and vfs_fallocate (fs/open.c): the target was opened for writing, the source for reading.
        new(0x40049409, "FICLONE", S.Opened),
        new(0x4020940D, "FICLONERANGE", S.Opened),
        new(0x40305828, "FS_IOC_RESVSP", S.Opened),
        new(0x40305829, "FS_IOC_UNRESVSP", S.Opened),
        new(0x4030582A, "FS_IOC_RESVSP64", S.Opened),
        new(0x4030582B, "FS_IOC_UNRESVSP64", S.Opened),
        new(0x40305839, "FS_IOC_ZERO_RANGE", S.Opened),

        // An int is read, though the number says long (fs/file_attr.c).
        new(0x40086602, "FS_IOC_SETFLAGS", S.Inode, sizeof(int)),
        new(0x40087602, "FS_IOC_SETVERSION", S.Inode, sizeof(int)),
        new(0x401C5820, "FS_IOC_FSSETXATTR", S.Inode, 28),
        new(0x40047211, "FAT_IOCTL_SET_ATTRIBUTES", S.Inode, sizeof(int)),
        new(0x40806685, "FS_IOC_ENABLE_VERITY", S.InodeByGuest),
        new(0xC0189436, "FIDEDUPERANGE", S.Dedupe),
        new(0xC0606610, "PAGEMAP_SCAN", S.OwnProcess),

        new(0xC0045877, "FIFREEZE", S.FileSystem),
        new(0xC0045878, "FITHAW", S.FileSystem),
        new(0xC0185879, "FITRIM", S.FileSystem),
        new(0x41009432, "FS_IOC_SETFSLABEL", S.FileSystem),
        new(0x8004587D, "EXT4_IOC_SHUTDOWN", S.FileSystem),
        new(0x00006609, "EXT4_IOC_MIGRATE", S.FileSystem),
        new(0x0000660C, "EXT4_IOC_ALLOC_DA_BLKS", S.FileSystem),
        new(0x00006611, "EXT4_IOC_SWAP_BOOT", S.FileSystem),

        new(0x40045201, "RNDADDTOENTCNT", S.Device),
        new(0x80085202, "RNDGETPOOL", S.Device),
        new(0x40085203, "RNDADDENTROPY", S.Device),
        new(0x00005204, "RNDZAPENTCNT", S.Device),
        new(0x00005206, "RNDCLEARPOOL", S.Device),
        new(0x00005207, "RNDRESEEDCRNG", S.Device),
    ];

    // The letters of file systems: ext4 and all ('f', 'v'), XFS ('X'), btrfs (0x94); include/uapi/asm-generic/ioctl.h for the direction.
    private const uint TypeOfAll = 'f', TypeOfVersions = 'v', TypeOfXfs = 'X', TypeOfBtrfs = 0x94;
    private const uint DirectionMask = 0xC0000000, OnlyToTheCaller = 0x80000000;

    private static readonly FrozenDictionary<uint, IoctlRow> s_byNumber = All.ToFrozenDictionary(static r => r.Number);

    /// <summary>The row of a request, or null.</summary>
    internal static IoctlRow? Find(uint number) => s_byNumber.GetValueOrDefault(number);

    /// <summary>What a request acts on.</summary>
    /// <remarks>
    /// Of a file system's own requests all that are not in the table count as those on the whole of it: moving and exchanging extents, growing and shrinking, subvolumes by
    /// name and number, files by handle. What only hands something to the caller is not one of them, and is unknown.
    /// </remarks>
    internal static IoctlScope ScopeOf(uint number) => Find(number)?.Scope
        ?? (((number >> 8) & 0xFF) is TypeOfAll or TypeOfVersions or TypeOfXfs or TypeOfBtrfs && number > 0xFFFF && (number & DirectionMask) != OnlyToTheCaller
            ? S.FileSystem : S.Unknown);
}
