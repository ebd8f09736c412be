namespace Catbox.Runtime.Diagnostics;

/// <summary>How far a machine has something.</summary>
public enum MachineCheckState
{
    /// <summary>It is there.</summary>
    Available = 0,
    /// <summary>It is there with a limit that <see cref="MachineCheck.Detail"/> tells.</summary>
    Limited,
    /// <summary>It is not there.</summary>
    Missing,
}
