using System.Collections.Immutable;

namespace Catbox.Runtime;

/// <summary>A process executed a program.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Time">When.</param>
/// <param name="Executable">The program, canonical (invalid UTF-8 escaped as in <see cref="Violation"/>).</param>
/// <param name="Arguments">Its arguments, as far as kept.</param>
public sealed record ProcessExecuted(int Pid, long Generation, DateTimeOffset Time, string Executable, ImmutableArray<string> Arguments)
    : SandboxEvent(Pid, Generation, Time);
