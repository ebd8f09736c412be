namespace Catbox.Policy.Syscalls;

/// <summary>One ioctl request as data.</summary>
/// <param name="Number">As the kernel compares it: 32 bits.</param>
/// <param name="Name">The name in the kernel's headers.</param>
/// <param name="Scope">What it acts on.</param>
/// <param name="Bytes">For <see cref="IoctlScope.Inode"/>: how many bytes the kernel reads at its argument, whatever its number says.</param>
internal sealed record IoctlRow(uint Number, string Name, IoctlScope Scope, int Bytes = 0);
