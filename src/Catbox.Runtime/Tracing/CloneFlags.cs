namespace Catbox.Runtime.Tracing;

/// <summary>clone(2) flags that decide what a new task shares.</summary>
internal static class CloneFlags
{
    public const ulong CLONE_VM = 0x100;
    public const ulong CLONE_FS = 0x200;
    public const ulong CLONE_FILES = 0x400;
    public const ulong CLONE_VFORK = 0x4000;
    public const ulong CLONE_PARENT = 0x8000;
    public const ulong CLONE_THREAD = 0x10000;
}
