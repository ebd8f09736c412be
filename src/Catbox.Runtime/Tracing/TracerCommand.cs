using Catbox.Runtime.Launching;
using Catbox.Runtime.Tracing.Behalf;
using Catbox.Runtime.Tracing.Far;

namespace Catbox.Runtime.Tracing;

/// <summary>A request to the tracer thread. Those that resolve a stop name it by (tid, sequence); one that comes too late is dropped.</summary>
internal struct TracerCommand
{
    public TracerCommandKind Kind;
    /// <summary>The task or process.</summary>
    public int Tid;
    /// <summary>The process that a new thread belongs to.</summary>
    public int Pid;
    /// <summary>The signal of Resume and Signal.</summary>
    public int Signal;
    /// <summary>The stop that is resolved.</summary>
    public long Sequence;
    /// <summary>The result of Answer (a negated errno, or a value); of Resume 1 where that ends a call's judgement.</summary>
    public long Value;
    /// <summary>The process's sink of AdoptProcess.</summary>
    public IStopSink? Sink;
    /// <summary>The session.</summary>
    public TracedSession? Session;
    /// <summary>The plan of Launch.</summary>
    public LaunchPlan? Plan;
    /// <summary>The answer of Answered.</summary>
    public FarAnswer? Found;
    /// <summary>Who has made the call of LateCallEnded.</summary>
    public BehalfHand? Hand;

    public static TracerCommand Resume(int tid, long sequence, int signal = 0) =>
        new() { Kind = TracerCommandKind.Resume, Tid = tid, Sequence = sequence, Signal = signal };

    /// <summary>Resumes a judged call, which is made as it stands.</summary>
    public static TracerCommand LetGo(int tid, long sequence) =>
        new() { Kind = TracerCommandKind.Resume, Tid = tid, Sequence = sequence, Value = 1 };

    public static TracerCommand Answered(int tid, long sequence, FarAnswer found) =>
        new() { Kind = TracerCommandKind.Answered, Tid = tid, Sequence = sequence, Found = found };

    public static TracerCommand LateCallEnded(int tid, long sequence, BehalfHand hand) =>
        new() { Kind = TracerCommandKind.LateCallEnded, Tid = tid, Sequence = sequence, Hand = hand };

    public static TracerCommand Answer(int tid, long sequence, long value) =>
        new() { Kind = TracerCommandKind.Answer, Tid = tid, Sequence = sequence, Value = value };

    public static TracerCommand Retry(int tid, long sequence) =>
        new() { Kind = TracerCommandKind.Retry, Tid = tid, Sequence = sequence };

    public static TracerCommand Wait(int tid, long sequence) => new() { Kind = TracerCommandKind.Wait, Tid = tid, Sequence = sequence };

    public static TracerCommand EndWait(int tid, long sequence) => new() { Kind = TracerCommandKind.EndWait, Tid = tid, Sequence = sequence };

    public static TracerCommand Listen(int tid, long sequence) =>
        new() { Kind = TracerCommandKind.Listen, Tid = tid, Sequence = sequence };

    public static TracerCommand Launch(TracedSession session, LaunchPlan plan) =>
        new() { Kind = TracerCommandKind.Launch, Session = session, Plan = plan };

    public static TracerCommand AdoptProcess(TracedSession session, int pid, IStopSink sink) =>
        new() { Kind = TracerCommandKind.AdoptProcess, Session = session, Tid = pid, Sink = sink };

    public static TracerCommand AdoptThread(int tid, int pid) =>
        new() { Kind = TracerCommandKind.AdoptThread, Tid = tid, Pid = pid };

    public static TracerCommand Kill(int pid) => new() { Kind = TracerCommandKind.Kill, Tid = pid };

    public static TracerCommand KillSession(TracedSession session) => new() { Kind = TracerCommandKind.KillSession, Session = session };

    public static TracerCommand SendSignal(TracedSession session, int target, int signal) =>
        new() { Kind = TracerCommandKind.Signal, Session = session, Tid = target, Signal = signal };

    public static TracerCommand Unplace(int tid, bool forGood) =>
        new() { Kind = TracerCommandKind.Unplace, Tid = tid, Value = forGood ? 1 : 0 };

    public static TracerCommand EndSession(TracedSession session) => new() { Kind = TracerCommandKind.EndSession, Session = session };
}
