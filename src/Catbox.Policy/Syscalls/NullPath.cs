namespace Catbox.Policy.Syscalls;

/// <summary>What a call makes of NULL where it has a path behind a directory's descriptor.</summary>
internal enum NullPath : byte
{
    /// <summary>EFAULT.</summary>
    Faults = 0,
    /// <summary>The descriptor itself, without flags (do_utimes, fs/utimes.c).</summary>
    IsDescriptor,
    /// <summary>The descriptor itself, with AT_EMPTY_PATH.</summary>
    IsEmpty,
}
