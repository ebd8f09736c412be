namespace Catbox.Runtime.Native;

/// <summary>mmap(2) and mseal(2), by the numbers that a guest is made to call them with.</summary>
internal static class Mapping
{
    public const long SYS_mmap = 9;
    public const long SYS_mseal = 462;
    public const ulong PROT_READ = 1;
    public const ulong MAP_PRIVATE = 0x2;
    public const ulong MAP_ANONYMOUS = 0x20;
    public const ulong MAP_POPULATE = 0x8000;

    /// <summary>Whether this kernel seals mappings (Linux 6.10). Asked in the tracer: a guest's own filter could answer in the kernel's place.</summary>
    public static bool CanSeal { get; } = Probes.Mseal().IsSuccess;
}
