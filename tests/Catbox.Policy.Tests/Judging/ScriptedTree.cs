using Catbox.Policy.Judging;

namespace Catbox.Policy.Tests.Judging;

/// <summary>A session of the processes 10 and 11 and the thread 12; 98 is one that died, 99 is outside.</summary>
public sealed class ScriptedTree : ITraceeTree
{
    public int ListenFamily { get; set; }
    public bool Readable { get; set; } = true;
    public int CallerPid => 10;

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
