namespace Catbox.Policy.Landlock;

/// <summary>Grants rights on a TCP port, whatever the address.</summary>
/// <param name="Port">The port; 0, for a bind, is any that the kernel chooses.</param>
/// <param name="Access">LANDLOCK_ACCESS_NET_*.</param>
internal sealed record LandlockPortRule(ushort Port, ulong Access);
