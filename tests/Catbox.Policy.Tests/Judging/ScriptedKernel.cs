using Catbox.Policy.Judging;

namespace Catbox.Policy.Tests.Judging;

/// <summary>A kernel that would do everything, but for what a test says.</summary>
internal sealed class ScriptedKernel : IKernelAnswers
{
    public HashSet<int> Lacks { get; } = [];
    public HashSet<int> NotBuilt { get; } = [];
    public HashSet<int> NoGroups { get; } = [];
    public HashSet<int> OutOfReach { get; } = [];
    public Errno SocketError { get; set; }
    public Errno QueueError { get; set; }
    public (int Family, int Type) SocketKind { get; set; } = (-1, -1);

    public bool HasCapability(int capability) => !Lacks.Contains(capability);

    public bool HasCall(int number) => !NotBuilt.Contains(number);

    public Errno Socket(int family, int type, int protocol) => SocketError;

    public (int Family, int Type) SocketOf(int fd) => SocketKind;

    public Errno Queue(ReadOnlySpan<byte> name, int flags) => QueueError;

    public bool HasGroup(int group) => !NoGroups.Contains(group);

    public bool MayReach(int pid) => !OutOfReach.Contains(pid);
}
