using System.Collections.Immutable;
using Catbox.Policy;

namespace Catbox.Runtime.Launching;

/// <summary>
/// One system call that the stub makes on the way to the guest's program: data, so that a test can print the whole launch and a later
/// capability (mounts, a user namespace, Landlock) adds itself as steps.
/// </summary>
/// <param name="Name">What it is for, as errors name it.</param>
/// <param name="Number">The call's number.</param>
/// <param name="Arguments">Up to six arguments.</param>
/// <param name="Tolerated">An error that is not one: the stub goes on to the next step. Success where there is none.</param>
internal sealed record LaunchStep(string Name, long Number, ImmutableArray<LaunchArgument> Arguments, Errno Tolerated = default)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}({string.Join(", ", Arguments)})";
}
