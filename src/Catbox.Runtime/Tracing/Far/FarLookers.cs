using System.Collections.Concurrent;
using Catbox.Policy;
using Catbox.Policy.Paths;
using Catbox.Runtime.Tracing.Behalf;
using Catbox.Runtime.Tracing.Paths;
using Catbox.Runtime.Tracing.Slots;

namespace Catbox.Runtime.Tracing.Far;

/// <summary>
/// Threads that ask file systems which may not answer, in the loop's place; each answer goes back as a command. A thread whose question is not answered waits as
/// long as the kernel lets it (for a FUSE server not even SIGKILL ends that, so that the process stays as long), and the others go on. Asked from the loop thread alone.
/// </summary>
/// <param name="send">Takes the answers.</param>
internal sealed class FarLookers(Action<TracerCommand> send) : IDisposable
{
    /// <summary>More questions than that wait for one of the others to be answered.</summary>
    private const int MaxThreads = 64;

    private readonly BlockingCollection<Look> _looks = [];
    private int _threads;
    // Threads that have nothing to do, less questions that nobody has taken.
    private int _free;

    /// <summary>Asks; the guest must stay in its stop until the answer has come.</summary>
    public void Ask(int pid, int tid, long sequence, FarQuestion question)
    {
        if (Interlocked.Decrement(ref _free) < 0 && _threads < MaxThreads)
        {
            _threads++;
            Interlocked.Increment(ref _free);
            new Thread(Work) { Name = "catbox-look", IsBackground = true }.Start();
        }

        _looks.Add(new Look(pid, tid, sequence, question));
    }

    /// <summary>Lets the threads end; those that wait for an answer do when it comes, or with the process.</summary>
    public void Dispose() => _looks.CompleteAdding();

    private void Work()
    {
        var deep = new DeepNames(new LocalFileSystems());
        var paths = new TraceePathResolver(deep);
        var scopes = new ScopeCheck(deep);
        foreach (var look in _looks.GetConsumingEnumerable())
        {
            var into = new ResolvedPath();
            Errno errno;
            try
            {
                errno = Answer(look, paths, scopes, into);
            }
#pragma warning disable CA1031 // Fail closed: whatever it was, the guest's call fails, and the host goes on.
            catch (Exception)
#pragma warning restore CA1031
            {
                errno = Errno.EIO;
            }

            Interlocked.Increment(ref _free);
            send(TracerCommand.Answered(look.Tid, look.Sequence, new FarAnswer(look.Question, errno, into)));
        }
    }

    private static Errno Answer(Look look, TraceePathResolver paths, ScopeCheck scopes, ResolvedPath into)
    {
        var question = look.Question;
        paths.Bind(look.Pid, look.Tid);
        return question.Kind switch
        {
            FarQuestionKind.Path => paths.Resolve(question.DirFd, question.Path, question.Options, into),
            FarQuestionKind.Descriptor => paths.ResolveDescriptor(question.DirFd, into),
            FarQuestionKind.Readable => TraceeInspector.IsReadable(question.Path) ? Errno.None : Errno.EACCES,
            _ => scopes.Check(look.Pid, look.Tid, question.Scope),
        };
    }

    private readonly record struct Look(int Pid, int Tid, long Sequence, FarQuestion Question);
}
