namespace Catbox.Runtime.Native;

/// <summary>A wait status word (waitpid(2), ptrace(2)), typed; the factories make any of them for tests.</summary>
internal readonly record struct WaitStatus(int Raw)
{
    public bool IsExited => (Raw & 0x7f) == 0;
    public int ExitCode => (Raw >> 8) & 0xff;
    public bool IsSignaled => ((sbyte)((Raw & 0x7f) + 1) >> 1) > 0;
    public int TermSignal => Raw & 0x7f;
    public bool CoreDumped => (Raw & 0x80) != 0;
    public bool IsStopped => (Raw & 0xff) == 0x7f;
    public int StopSignal => (Raw >> 8) & 0xff;

    /// <summary>PTRACE_EVENT_*, 0 where the stop is not an event.</summary>
    public int Event => (Raw >> 16) & 0xff;

    public static WaitStatus ForExit(int code) => new((code & 0xff) << 8);

    public static WaitStatus ForSignal(int signal, bool core = false) => new(signal | (core ? 0x80 : 0));

    public static WaitStatus ForStop(int signal, int ptraceEvent = 0) => new((ptraceEvent << 16) | (signal << 8) | 0x7f);
}
