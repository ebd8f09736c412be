using Catbox.Policy.Decoding;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Rules;

/// <summary>A compiled policy: every question that a judge or the filter compiler asks of it. Immutable, thread-safe, allocates nothing.</summary>
internal interface IAccessRules
{
    /// <summary>Decides on a canonical path (bytes).</summary>
    RuleDecision DecidePath(ReadOnlySpan<byte> canonical, PathAccess access);

    /// <summary>Decides on creating a socket.</summary>
    RuleDecision DecideSocket(int family, int type, int protocol);

    /// <summary>Decides on connecting or sending to an address. For a unix path <paramref name="canonicalUnixPath"/> is its resolved form.</summary>
    RuleDecision DecideConnect(in SocketAddress address, ReadOnlySpan<byte> canonicalUnixPath);

    /// <summary>Decides on binding an internet or abstract address, or listening (a unix path is a matter of <see cref="DecidePath"/>).</summary>
    RuleDecision DecideBind(in SocketAddress address);

    /// <summary>What happens to a call that is denied.</summary>
    OnViolation OnViolation { get; }

    /// <summary>Which stops this policy needs.</summary>
    FilterNeeds Needs { get; }

    /// <summary>Whether some programs may run and others not.</summary>
    bool TellsProgramsApart => (Needs & FilterNeeds.Executions) != 0;

    /// <summary>
    /// True when a message queue can be made and not be opened for writing: the session's Landlock domain holds files, and the file system of queues is mounted nowhere that a
    /// rule of it could be on.
    /// </summary>
    bool QueuesAreShut => false;

    /// <summary>True when nothing is writable without asking: a process's own files of <c>/proc</c> (<see cref="SelfProcFiles"/>) are not either.</summary>
    bool IsStrict => false;

    /// <summary>
    /// Whether something writable lies strictly below a canonical path, so that <c>mkdir -p</c> must be able to walk through it: mkdir of such a
    /// directory that exists is answered EEXIST and is no violation.
    /// </summary>
    bool LeadsToWritable(ReadOnlySpan<byte> canonical) => false;

    /// <summary>
    /// Whether a path that may not be read or written lies strictly below a canonical path, by its literal name: a directory with such a one in it must
    /// not be renamed, or what is denied would be reached by another name.
    /// </summary>
    bool LeadsToDenied(ReadOnlySpan<byte> canonical) => false;

    /// <summary>
    /// Whether a writable directory or device has to stay under its canonical path: what is in it may be changed, but the entry itself may not be
    /// removed, renamed or replaced.
    /// </summary>
    bool IsPinned(ReadOnlySpan<byte> canonical) => false;
}
