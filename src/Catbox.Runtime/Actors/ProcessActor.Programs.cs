using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Auditing;
using Catbox.Runtime.Calls;
using Catbox.Runtime.Tracing;

namespace Catbox.Runtime.Actors;

// An execve gets the very string that was judged, but a link or a directory on its way can be exchanged: so the program that came out is looked at, before its first instruction.
internal sealed partial class ProcessActor
{
    private const int MaxProgramPath = 4096;

    /// <summary>The canonical paths that threads were allowed to execute; only where rules tell programs apart.</summary>
    private Dictionary<int, byte[]>? _judgedPrograms;

    private void NoteProgram(int tid, GuestCall call)
    {
        if (call.Request.Row.Shape == RequestShape.Exec && _session.Judge.TellsProgramsApart)
        {
            _judgedPrograms ??= [];
            _judgedPrograms[tid] = call.Judgement.First.Canonical.ToArray();
        }
    }

    /// <summary>
    /// Kills a process whose program no rule allows. The interpreter of a script that was judged is none of its own: it runs because the script may.
    /// </summary>
    /// <param name="caller">The thread that called execve.</param>
    private void CheckProgram(int caller)
    {
        if (_judgedPrograms is null || !_judgedPrograms.Remove(caller, out var judged))
        {
            return;
        }

        _judgedPrograms.Clear();
        Span<byte> executable = stackalloc byte[MaxProgramPath];
        var error = _session.Tracer.Inspector.ReadExecutable(_pid, executable, out var length);
        executable = executable[..length];
        if (error.IsSuccess && (_session.Judge.MayRun(executable) || _session.Tracer.Inspector.RunsScript(_pid, judged)))
        {
            return;
        }

        _session.Tracer.Send(TracerCommand.Kill(_pid));
        var draft = Draft(_pid, "execve", Errno.EACCES, ViolationSubject.Execute);
        draft.SetPaths(judged, executable);
        _session.Trail.Add(new AuditItem { Violation = draft });
    }
}
