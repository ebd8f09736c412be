namespace Catbox.Policy.Decoding;

/// <summary>The memory of the guest process whose call is decoded. Reads do not block and do not throw.</summary>
internal interface ITraceeMemory
{
    /// <summary>Reads up to <c>into.Length</c> bytes; a shorter read means that what follows is not mapped.</summary>
    /// <returns>EFAULT when not even one byte can be read, otherwise success.</returns>
    Errno Read(ulong address, Span<byte> into, out int read);

    /// <summary>
    /// Reads a NUL-terminated string as getname() (fs/namei.c) does: at most <c>into.Length</c> bytes with the NUL.
    /// </summary>
    /// <returns>EFAULT when it runs into unmapped memory first, ENAMETOOLONG when there is no NUL in <c>into.Length</c> bytes.</returns>
    Errno ReadString(ulong address, Span<byte> into, out int length);
}
