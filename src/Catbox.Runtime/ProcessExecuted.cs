using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Catbox.Policy;

namespace Catbox.Runtime;

/// <summary>A process executed a program.</summary>
public sealed record ProcessExecuted : SandboxEvent
{
    /// <summary>Makes an event; its members are set by name.</summary>
    public ProcessExecuted()
    {
    }

    [SetsRequiredMembers]
    internal ProcessExecuted(int pid, long generation, DateTimeOffset time, string executable, ImmutableArray<string> arguments)
        : base(pid, generation, time)
    {
        Executable = executable;
        Arguments = arguments;
    }

    /// <summary>The program, canonical (invalid UTF-8 escaped as in <see cref="Violation"/>).</summary>
    public required string Executable { get; init; }
    /// <summary>Its arguments, as far as kept.</summary>
    public required ImmutableArray<string> Arguments { get; init => field = value.OrEmpty(); }

    /// <summary>Compares by value, arguments included.</summary>
    public bool Equals(ProcessExecuted? other) =>
        other is not null && base.Equals(other) && Executable == other.Executable && Arguments.HasSame(other.Arguments);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Executable, Arguments.HashOfItems());
}
