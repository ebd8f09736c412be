namespace Catbox.Policy.Syscalls;

/// <summary>A socket option as data.</summary>
/// <param name="Level">Of setsockopt(2), and of a control message.</param>
/// <param name="Number">Within its level.</param>
/// <param name="Name">The name in the kernel's headers.</param>
internal sealed record SocketOption(int Level, int Number, string Name);
