namespace Catbox.Policy.Syscalls;

/// <summary>What is worth knowing of a call beside its arguments.</summary>
[Flags]
internal enum SyscallTraits : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Refused also under collect-only: letting it through would blind or hurt the engine itself.</summary>
    Integrity = 1,
    /// <summary>The call can block for as long as the other side likes; it is never made on behalf of a guest.</summary>
    CanBlock = 2,
    /// <summary>The filter decides on register values too (see <c>Filtering</c>).</summary>
    RegisterTest = 4,
    /// <summary>Not implemented by any current kernel, or only a stub.</summary>
    Obsolete = 8,
    /// <summary>A metadata change that can be made on a pinned object.</summary>
    Metadata = 16,
    /// <summary>A change of a directory.</summary>
    Directory = 32,
    /// <summary>mkdir and mknod: answers EEXIST instead of a violation where the entry is there (catbox 1.7.0's courtesy).</summary>
    CreatesEntry = 64,
}
