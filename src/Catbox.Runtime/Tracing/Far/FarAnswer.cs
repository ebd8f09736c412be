using Catbox.Policy;
using Catbox.Policy.Paths;

namespace Catbox.Runtime.Tracing.Far;

/// <summary>What a file system said.</summary>
/// <param name="Question">To what.</param>
/// <param name="Errno">The error, or success.</param>
/// <param name="Path">Where it leads, where that was asked.</param>
internal sealed record FarAnswer(FarQuestion Question, Errno Errno, ResolvedPath Path);
