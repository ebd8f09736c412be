namespace Catbox.Policy.Paths;

/// <summary>The limits of a look-up (include/uapi/linux/limits.h, include/linux/namei.h).</summary>
internal static class PathLimits
{
    /// <summary>PATH_MAX: the bytes of a path, its NUL included.</summary>
    public const int PathMax = 4096;
    /// <summary>NAME_MAX: the bytes of a component.</summary>
    public const int NameMax = 255;
    /// <summary>MAXSYMLINKS: the links that one look-up follows.</summary>
    public const int MaxSymlinks = 40;
}
