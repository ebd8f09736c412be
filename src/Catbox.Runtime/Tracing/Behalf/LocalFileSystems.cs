using Catbox.Runtime.Tracing.Far;

namespace Catbox.Runtime.Tracing.Behalf;

/// <summary>
/// Which file systems answer by themselves. A call on another one (FUSE, NFS, autofs, 9p …) waits for a server, perhaps for ever, and with it would
/// every guest of the loop.
/// </summary>
/// <remarks>
/// Asked by st_dev, since statfs(2) is itself a question to the server. What a device is, is learned from <c>/proc/self/mountinfo</c> at its first use. It is
/// forgotten at each launch: the numbers of devices without a disk are used again after an umount.
/// </remarks>
internal sealed class LocalFileSystems
{
    // What is not in here may wait for somebody. fuseblk has a disk and is still a server's.
    private static readonly HashSet<string> Local =
    [
        "bcachefs", "bpf", "btrfs", "cgroup", "cgroup2", "configfs", "cramfs", "debugfs", "devpts", "devtmpfs", "ecryptfs", "efivarfs", "erofs", "exfat",
        "ext2", "ext3", "ext4", "f2fs", "hfs", "hfsplus", "hugetlbfs", "iso9660", "jffs2", "jfs", "minix", "mqueue", "msdos", "nilfs2", "ntfs3", "overlay",
        "proc", "pstore", "ramfs", "reiserfs", "romfs", "rootfs", "securityfs", "squashfs", "sysfs", "tmpfs", "tracefs", "ubifs", "udf", "ufs", "vfat", "xfs", "zfs",
    ];

    private readonly Dictionary<ulong, bool> _byDevice = [];

    /// <summary>Whether a type of file system (the word in mountinfo) answers by itself.</summary>
    public static bool IsLocalType(string type) => Local.Contains(type);

    /// <summary>Whether a device is known already, and known to be local.</summary>
    public bool IsKnownLocal(ulong device) => _byDevice.TryGetValue(device, out var local) && local;

    /// <summary>Whether the file system of an object is local.</summary>
    /// <param name="device">st_dev.</param>
    /// <param name="mount">stx_mnt_id.</param>
    /// <param name="hasName">False for a pipe, a socket, a memfd: these lie in file systems of the kernel's own, which no mount shows.</param>
    public bool IsLocal(ulong device, ulong mount, bool hasName)
    {
        if (_byDevice.TryGetValue(device, out var local))
        {
            return local;
        }

        var type = Mountinfo.Read().Find(shown => shown.Id == mount).Type;
        local = type is null ? !hasName : IsLocalType(type);
        return _byDevice[device] = local;
    }

    /// <summary>Forgets what was learned.</summary>
    public void Forget() => _byDevice.Clear();
}
