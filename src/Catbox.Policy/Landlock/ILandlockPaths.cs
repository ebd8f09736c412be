using Catbox.Policy.Paths;

namespace Catbox.Policy.Landlock;

/// <summary>The port by which a plan looks at the file system: a rule can only be made of what is there.</summary>
internal interface ILandlockPaths
{
    /// <summary>What stands at an absolute path, without following any symbolic link on the way or at its end.</summary>
    /// <param name="path">Bytes, without a slash at the end but for the root.</param>
    /// <returns><see cref="FileKind.Unknown"/> where nothing is there, a link is in the way, or it cannot be seen.</returns>
    FileKind KindOf(ReadOnlySpan<byte> path);

    /// <summary>Whether a directory is the file system of POSIX message queues (mq_overview(7)).</summary>
    bool HoldsQueues(ReadOnlySpan<byte> path) => false;
}
