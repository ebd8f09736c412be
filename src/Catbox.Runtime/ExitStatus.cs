namespace Catbox.Runtime;

/// <summary>How a process ended.</summary>
/// <param name="Code">Its exit code, 0–255; meaningless when a signal ended it.</param>
/// <param name="Signal">The signal that ended it, 0 when it exited.</param>
/// <param name="CoreDumped">Whether a core was dumped.</param>
public readonly record struct ExitStatus(int Code, int Signal, bool CoreDumped)
{
    /// <summary>As a shell gives it: the code, or 128 + signal.</summary>
    public int ShellCode => Signal == 0 ? Code : 128 + Signal;
}
