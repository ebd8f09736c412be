namespace Catbox.Runtime.Diagnostics;

/// <summary>One thing that the engine uses of a machine.</summary>
/// <param name="Name">What it is, a short stable name: <c>ptrace</c>, <c>seccomp</c>, <c>landlock</c>.</param>
/// <param name="State">How far it is there.</param>
/// <param name="Detail">What was found, one line.</param>
/// <param name="Without">What is lost where it is limited or missing, and what to do, one line.</param>
/// <param name="IsRequired">True when the engine cannot do without.</param>
public sealed record MachineCheck(string Name, MachineCheckState State, string Detail, string Without, bool IsRequired);
