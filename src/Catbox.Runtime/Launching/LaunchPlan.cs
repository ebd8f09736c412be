using System.Collections.Immutable;

namespace Catbox.Runtime.Launching;

/// <summary>Everything that the tracer thread needs to make a confined process: made on the caller's thread, immutable.</summary>
/// <param name="Steps">The calls, in order; the last ones are execve.</param>
/// <param name="StandardStreams">Host descriptors that become 0, 1 and 2; -1 leaves the host's own.</param>
/// <param name="KeepIgnored">Signals that stay ignored in the guest (bit 0 is signal 1).</param>
internal sealed record LaunchPlan(ImmutableArray<LaunchStep> Steps, ImmutableArray<int> StandardStreams, ulong KeepIgnored)
{
    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Steps);
}
