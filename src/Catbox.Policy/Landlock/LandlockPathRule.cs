using System.Collections.Immutable;

namespace Catbox.Policy.Landlock;

/// <summary>Grants rights on what stands at a path when the session is launched, and on all that is below it.</summary>
/// <param name="Path">Absolute and canonical: no symbolic link on it is followed. Bytes, no NUL.</param>
/// <param name="Access">LANDLOCK_ACCESS_FS_*, all of them handled by the plan; for what is no directory only those of files.</param>
internal sealed record LandlockPathRule(ImmutableArray<byte> Path, ulong Access);
