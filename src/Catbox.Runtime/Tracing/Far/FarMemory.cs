using Catbox.Policy;
using Catbox.Policy.Enacting;
using Catbox.Policy.Paths;

namespace Catbox.Runtime.Tracing.Far;

/// <summary>
/// What one judgement would have to ask of a file system that may not answer, and what the answers were. Owned by the loop thread, which asks nothing of it itself.
/// </summary>
/// <remarks>
/// <para>A judgement that comes to such a question is void, whatever it says: the question goes to <see cref="FarLookers"/>, the guest stays in its stop, and when
/// the answer is there it comes to its call again, which is judged again, now with the answer. Answers are a thread's, and are forgotten with the call that they were for.</para>
/// <para>What does not work: a limit of time (no system call has one); RESOLVE_CACHED alone, since what is not cached must be asked after all; the guest's asking in its own
/// place, since a server may forbid that its answer is kept.</para>
/// </remarks>
/// <param name="hasOthers">Whether somebody else would have to wait while the loop looks for long.</param>
internal sealed class FarMemory(Func<Tracee, bool> hasOthers)
{
    private Tracee? _tracee;
    private FarQuestion? _question;

    /// <summary>Where such file systems are. Without any, nothing in here does anything.</summary>
    public FarMounts Mounts { get; } = new();

    /// <summary>
    /// Whether what lies deeper than a path can say is named elsewhere too: it costs a look into each directory on the way (<see cref="Paths.DeepNames"/>), and that is tens of
    /// milliseconds for thousands of levels.
    /// </summary>
    public bool KeepsFromDeepNames => Mounts.IsBusy || (_tracee is { } tracee && hasOthers(tracee));

    /// <summary>From now on questions are those of this thread's call.</summary>
    public void Bind(Tracee? tracee)
    {
        _tracee = tracee;
        _question = null;
    }

    /// <summary>Keeps a question that has come up. The first of a judgement: the others may be for nothing.</summary>
    public void Ask(FarQuestionKind kind, int dirFd, ReadOnlySpan<byte> path, ResolveOptions options) =>
        _question ??= new FarQuestion { Kind = kind, DirFd = dirFd, Path = path.ToArray(), Options = options };

    /// <summary>The question that has come up since <see cref="Bind"/>, if any.</summary>
    public FarQuestion? TakeQuestion()
    {
        var question = _question;
        _question = null;
        return question;
    }

    /// <summary>Looks for the answer to a question.</summary>
    public bool TryRecall(FarQuestionKind kind, int dirFd, ReadOnlySpan<byte> path, ResolveOptions options, out Errno errno, ResolvedPath? into = null)
    {
        errno = Errno.EAGAIN;
        if (_tracee?.Answers is not { } answers)
        {
            return false;
        }

        foreach (var answer in answers)
        {
            if (answer.Question.Is(kind, dirFd, path, options))
            {
                errno = answer.Errno;
                into?.CopyFrom(answer.Path);
                return true;
            }
        }

        return false;
    }

    /// <summary>Looks for the answer to a question about the way of an openat2.</summary>
    public static bool TryRecall(Tracee tracee, in OpenScope scope, out Errno errno)
    {
        foreach (var answer in tracee.Answers ?? [])
        {
            if (answer.Question.Is(in scope))
            {
                errno = answer.Errno;
                return true;
            }
        }

        errno = Errno.EAGAIN;
        return false;
    }
}
