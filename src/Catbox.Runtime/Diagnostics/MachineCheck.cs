using System.Diagnostics.CodeAnalysis;

namespace Catbox.Runtime.Diagnostics;

/// <summary>One thing that the engine uses of a machine.</summary>
public sealed record MachineCheck
{
    /// <summary>Makes a check; its members are set by name.</summary>
    public MachineCheck()
    {
    }

    [SetsRequiredMembers]
    internal MachineCheck(string name, MachineCheckState state, string detail, string without, bool isRequired)
    {
        Name = name;
        State = state;
        Detail = detail;
        Without = without;
        IsRequired = isRequired;
    }

    /// <summary>What it is, a short stable name: <c>ptrace</c>, <c>seccomp</c>, <c>landlock</c>.</summary>
    public required string Name { get; init; }
    /// <summary>How far it is there.</summary>
    public required MachineCheckState State { get; init; }
    /// <summary>What was found, one line.</summary>
    public required string Detail { get; init; }
    /// <summary>What is lost where it is limited or missing, and what to do, one line.</summary>
    public required string Without { get; init; }
    /// <summary>True when the engine cannot do without.</summary>
    public required bool IsRequired { get; init; }
}
