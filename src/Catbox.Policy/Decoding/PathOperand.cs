using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Decoding;

/// <summary>A path argument before it is resolved: numbers and bytes only.</summary>
internal struct PathOperand
{
    /// <summary>The directory descriptor, AT_FDCWD (-100) for the working directory.</summary>
    public int DirFd;
    /// <summary>Which argument holds the path (0–5), -1 where the operand is a bare descriptor.</summary>
    public int ArgIndex;
    /// <summary>The argument's kind: says what is done to it.</summary>
    public ArgKind Kind;
    /// <summary>Whether a link in the last place is followed.</summary>
    public bool Follow;
    /// <summary>True when the path is empty (or NULL) and means the object behind <see cref="DirFd"/> itself.</summary>
    public bool IsDescriptor;
    /// <summary>The path as the guest gave it, without NUL; a slice of the scratch that the decoder was given.</summary>
    public ReadOnlyMemory<byte> Path;
}
