using Catbox.Policy.Enacting;
using Catbox.Policy.Paths;

namespace Catbox.Runtime.Tracing.Far;

/// <summary>One question to the file system, with memory of its own, so that another thread can ask it.</summary>
internal sealed class FarQuestion
{
    public required FarQuestionKind Kind { get; init; }
    /// <summary>AT_FDCWD, or the guest's descriptor.</summary>
    public int DirFd { get; init; }
    public byte[] Path { get; init; } = [];
    public ResolveOptions Options { get; init; }
    /// <summary>Of <see cref="FarQuestionKind.Scope"/>; its memory is not somebody else's.</summary>
    public OpenScope Scope { get; init; }

    /// <summary>
    /// How many changes of directories (<see cref="Slots.WalkQueue.Changes"/>) had been made when it was asked; negative where one was under way. After another one the answer may be true no more.
    /// </summary>
    public long AskedAfter { get; set; }

    public static FarQuestion Of(in OpenScope scope)
    {
        var own = scope;
        own.Path = scope.Path.ToArray();
        own.Judged = scope.Judged.ToArray();
        return new FarQuestion { Kind = FarQuestionKind.Scope, Scope = own };
    }

    public bool Is(FarQuestionKind kind, int dirFd, ReadOnlySpan<byte> path, ResolveOptions options) =>
        Kind == kind && DirFd == dirFd && Options == options && path.SequenceEqual(Path);

    public bool Is(in OpenScope scope) =>
        Kind == FarQuestionKind.Scope && Scope.Resolve == scope.Resolve && Scope.DirFd == scope.DirFd && Scope.Follow == scope.Follow && Scope.Exists == scope.Exists
        && Scope.Path.Span.SequenceEqual(scope.Path.Span) && Scope.Judged.Span.SequenceEqual(scope.Judged.Span);
}
