using System.Collections.Immutable;

namespace Catbox.Policy.Judging;

/// <summary>
/// In which order the kernel looks at a call, as far as it comes before our refusal. Of several mistakes it names the one that it meets first.
/// </summary>
/// <param name="BeforeDecoding">What it looks at before it copies paths and addresses from the caller's memory.</param>
/// <param name="BeforeLookUp">Then, before it looks up the object: a path, a process.</param>
/// <param name="BeforeDoing">Then, before it does anything.</param>
internal sealed record KernelOrder(
    ImmutableArray<KernelCheck> BeforeDecoding, ImmutableArray<KernelCheck> BeforeLookUp, ImmutableArray<KernelCheck> BeforeDoing)
{
    /// <summary>The error of a call that could not be decoded, or none where that comes first.</summary>
    public Errno OfUndecoded(in CallFacts call) => First(BeforeDecoding, in call);

    /// <summary>The error of a call whose object was not found, or none where that comes first.</summary>
    public Errno OfUnresolved(in CallFacts call)
    {
        var first = First(BeforeDecoding, in call);
        return first.IsSuccess ? First(BeforeLookUp, in call) : first;
    }

    /// <summary>The error of a call that is about to be refused; none where only we fail it.</summary>
    public Errno OfRefused(in CallFacts call)
    {
        var first = OfUnresolved(in call);
        return first.IsSuccess ? First(BeforeDoing, in call) : first;
    }

    private static Errno First(ImmutableArray<KernelCheck> checks, in CallFacts call)
    {
        foreach (var check in checks)
        {
            var error = check(in call);
            if (!error.IsSuccess)
            {
                return error;
            }
        }

        return Errno.None;
    }
}
