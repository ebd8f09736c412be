namespace Catbox.Policy;

/// <summary>A kernel error number, positive as in <c>errno</c> (3). Zero is success.</summary>
/// <param name="Value">The number, 0–4095. See include/uapi/asm-generic/errno.h.</param>
public readonly partial record struct Errno(int Value)
{
    /// <summary>No error.</summary>
    public static Errno None => default;

    /// <summary>True when there is no error.</summary>
    public bool IsSuccess => Value == 0;

    /// <summary>The kernel's name (<c>EACCES</c>), or <c>errno 4000</c> where it has none; <c>no error</c> for zero.</summary>
    public override string ToString() => Name;
}
