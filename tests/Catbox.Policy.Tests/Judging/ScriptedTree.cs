using Catbox.Policy.Judging;

namespace Catbox.Policy.Tests.Judging;

/// <summary>
/// A session of the processes 10 and 11 and the thread 12; 98 is one that died, 99 is outside. The groups 10 and 11 are its own, 50 is the one that it was started in, 99 is
/// outside; nobody is in others. Its terminal is /dev/pts/3, /dev/pts/9 is somebody else's.
/// </summary>
internal sealed class ScriptedTree : ITraceeTree
{
    public int ListenFamily { get; set; }
    public bool Readable { get; set; } = true;
    public ScriptedKernel Answers { get; } = new();
    public IKernelAnswers Kernel => Answers;
    public int CallerPid => 10;

    public int CallerGroup { get; set; } = 10;
    public int CallerTerminal { get; set; } = (136 << 8) | 3;
    public bool IsStoppedInBackground { get; set; } = true;
    public bool IsInFront { get; set; } = true;

    public GroupStanding StandingOfGroup(int group) => group switch
    {
        10 or 11 => GroupStanding.Own,
        50 => GroupStanding.Shared,
        99 => GroupStanding.Outside,
        _ => GroupStanding.None,
    };

    public TerminalStanding StandingOfTerminal(int device) =>
        device == ((136 << 8) | 9) ? TerminalStanding.Outside
        : device == CallerTerminal && !IsInFront ? TerminalStanding.Background : TerminalStanding.Own;

    public bool HasProcess(int pid) => pid is 10 or 11;

    public bool HasThread(int tid) => tid is 10 or 11 or 12;

    public int ProcessOfPidFd(int fd) => fd switch { 5 => 11, 6 => 99, _ => 0 };

    public ProcessStanding StandingOf(int pid) => pid switch
    {
        98 => ProcessStanding.OwnDead,
        99 => ProcessStanding.Outside,
        _ => ProcessStanding.None,
    };

    public int FamilyBoundByListen(int fd) => ListenFamily;

    public bool CanReadProgram(ReadOnlySpan<byte> canonical) => Readable;
}
