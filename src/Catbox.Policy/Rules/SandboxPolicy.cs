using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Catbox.Policy.Rules;

/// <summary>
/// What a guest may do: one immutable record, made in code or read from a file (<c>Files</c>). Path patterns are absolute directories or files
/// (<c>/a/b</c>: it and everything below), globs (<c>/a/*.o</c>, <c>/a/**/x</c>), or <c>~regex</c>, anchored at both ends. The deepest literal path wins,
/// deny wins a tie; a glob or regex counts as deep as its literal beginning. Policies compare by value.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SandboxPolicy
{
    /// <summary>Paths that may be written; none by default.</summary>
    public ImmutableArray<string> Writable { get; init => field = value.OrEmpty(); } = [];
    /// <summary>Paths that may not be written although a writable one contains them.</summary>
    public ImmutableArray<string> DenyWrite { get; init => field = value.OrEmpty(); } = [];
    /// <summary>When not empty, only these may be read (and what is writable).</summary>
    public ImmutableArray<string> Readable { get; init => field = value.OrEmpty(); } = [];
    /// <summary>Paths that may not be read.</summary>
    public ImmutableArray<string> DenyRead { get; init => field = value.OrEmpty(); } = [];
    /// <summary>When not empty, only these programs may be executed.</summary>
    public ImmutableArray<string> Executable { get; init => field = value.OrEmpty(); } = [];
    /// <summary>Programs that may not be executed.</summary>
    public ImmutableArray<string> DenyExecute { get; init => field = value.OrEmpty(); } = [];
    /// <summary>Paths that are refused without a violation.</summary>
    public ImmutableArray<string> Silent { get; init => field = value.OrEmpty(); } = [];
    /// <summary>The network as a whole.</summary>
    public NetworkMode Network { get; init; } = NetworkMode.Off;
    /// <summary>Destinations and local addresses, first match wins; they make <see cref="NetworkMode.Off"/> count as <see cref="NetworkMode.Rules"/>.</summary>
    public ImmutableArray<NetworkRule> NetworkRules { get; init => field = value.OrEmpty(); } = [];
    /// <summary>What happens at a violation.</summary>
    public OnViolation OnViolation { get; init; } = OnViolation.Deny;
    /// <summary>Takes back what is writable without asking (<see cref="DefaultWritable"/>).</summary>
    public bool Strict { get; init; }

    /// <summary>Devices that may be opened for writing without asking. They may not be changed: mode, owner, times, attributes and name stay as they are.</summary>
    public static ImmutableArray<string> DefaultWritable { get; } =
    [
        "/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/random", "/dev/urandom", "/dev/ptmx", "/dev/pts/ptmx",
    ];

    /// <summary>Compares by value: the items of the lists, in their order.</summary>
    public bool Equals(SandboxPolicy? other) =>
        other is not null && Writable.HasSame(other.Writable) && DenyWrite.HasSame(other.DenyWrite) && Readable.HasSame(other.Readable)
        && DenyRead.HasSame(other.DenyRead) && Executable.HasSame(other.Executable) && DenyExecute.HasSame(other.DenyExecute)
        && Silent.HasSame(other.Silent) && Network == other.Network && NetworkRules.HasSame(other.NetworkRules)
        && OnViolation == other.OnViolation && Strict == other.Strict;

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var list in (ReadOnlySpan<ImmutableArray<string>>)[Writable, DenyWrite, Readable, DenyRead, Executable, DenyExecute, Silent])
        {
            hash.Add(list.HashOfItems());
        }

        hash.Add(Network);
        hash.Add(NetworkRules.HashOfItems());
        hash.Add(OnViolation);
        hash.Add(Strict);
        return hash.ToHashCode();
    }

    /// <summary>Makes the pattern that means exactly <paramref name="path"/>: it escapes what would be a wildcard.</summary>
    public static string EscapePattern(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return PathPattern.Escape(path);
    }
}
