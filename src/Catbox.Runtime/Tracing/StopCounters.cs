namespace Catbox.Runtime.Tracing;

/// <summary>How often a session was stopped. Written by the loop thread alone.</summary>
internal sealed class StopCounters
{
    private readonly long[] _byKind = new long[8];
    private readonly long[] _bySyscall = new long[512];

    public long Of(StopKind kind) => _byKind[(int)kind];

    public long OfSyscall(int number) => _bySyscall[number];

    public int SyscallCount => _bySyscall.Length;

    public void Count(StopKind kind) => _byKind[(int)kind]++;

    public void CountSyscall(long number)
    {
        if ((ulong)number < (ulong)_bySyscall.Length)
        {
            _bySyscall[number]++;
        }
    }
}
