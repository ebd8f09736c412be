using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Catbox.Policy;
using Catbox.Policy.Judging;
using Catbox.Runtime.Json;

namespace Catbox.Runtime;

/// <summary>One refused call (or one that collect-only let through).</summary>
public sealed record Violation : SandboxEvent
{
    /// <summary>The thread.</summary>
    public required int Tid { get; init; }
    /// <summary>The call's name: <c>openat</c>.</summary>
    public required string Operation { get; init; }
    /// <summary>The path as the guest gave it, raw bytes.</summary>
    [JsonConverter(typeof(ByteStringJsonConverter))]
    public required ImmutableArray<byte> Given { get; init => field = value.OrEmpty(); }
    /// <summary>The canonical path, raw bytes, or the destination in text.</summary>
    [JsonConverter(typeof(ByteStringJsonConverter))]
    public required ImmutableArray<byte> Resolved { get; init => field = value.OrEmpty(); }
    /// <summary>What the guest got (or would have got).</summary>
    public required Errno Errno { get; init; }
    /// <summary>True under collect-only.</summary>
    public bool LetThrough { get; init; }
    /// <summary>What it was about.</summary>
    public required ViolationSubject Subject { get; init; }
    /// <summary>The program of the process.</summary>
    public required string Executable { get; init; }

    /// <summary><see cref="Given"/> as printable text: control characters, backslashes and invalid UTF-8 as <c>\xNN</c>.</summary>
    public string GivenText => PathText.Escape(Given.AsSpan());

    /// <summary><see cref="Resolved"/> as printable text.</summary>
    public string ResolvedText => PathText.Escape(Resolved.AsSpan());

    /// <summary>Compares by value, the bytes of the paths included.</summary>
    public bool Equals(Violation? other) =>
        other is not null && base.Equals(other) && Tid == other.Tid && Operation == other.Operation && Given.HasSame(other.Given)
        && Resolved.HasSame(other.Resolved) && Errno == other.Errno && LetThrough == other.LetThrough && Subject == other.Subject
        && Executable == other.Executable;

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(base.GetHashCode(), Tid, Operation, Given.HashOfItems(), Resolved.HashOfItems(), Errno, Subject, Executable);
}
