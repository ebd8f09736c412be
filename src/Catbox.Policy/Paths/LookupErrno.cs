namespace Catbox.Policy.Paths;

/// <summary>The errors of a look-up (path_resolution(7)).</summary>
internal static class LookupErrno
{
    public static Errno EPERM => new(1);
    public static Errno ENOENT => new(2);
    public static Errno ESRCH => new(3);
    public static Errno EBADF => new(9);
    public static Errno EACCES => new(13);
    public static Errno ENOTDIR => new(20);
    public static Errno EINVAL => new(22);
    public static Errno ENAMETOOLONG => new(36);
    public static Errno ENOSYS => new(38);
    public static Errno ELOOP => new(40);
}
