using Catbox.Policy;
using Catbox.Policy.Judging;

namespace Catbox.Testing;

/// <summary>A kernel that would do everything, so that every refusal stands.</summary>
internal sealed class ScriptedAnswers : IKernelAnswers
{
    public static ScriptedAnswers Yes { get; } = new();

    /// <inheritdoc/>
    public bool HasCapability(int capability) => true;

    /// <inheritdoc/>
    public bool HasCall(int number) => true;

    /// <inheritdoc/>
    public Errno Socket(int family, int type, int protocol) => Errno.None;

    /// <inheritdoc/>
    public (int Family, int Type) SocketOf(int fd) => (-1, -1);

    /// <inheritdoc/>
    public Errno Queue(ReadOnlySpan<byte> name, int flags) => Errno.None;

    /// <inheritdoc/>
    public bool HasGroup(int group) => true;

    /// <inheritdoc/>
    public bool MayReach(int pid) => true;
}
