namespace Catbox.Runtime;

/// <summary>How a process ended.</summary>
public readonly record struct ExitStatus
{
    internal ExitStatus(int code, int signal, bool coreDumped)
    {
        Code = code;
        Signal = signal;
        CoreDumped = coreDumped;
    }

    /// <summary>Its exit code, 0–255; meaningless when a signal ended it.</summary>
    public int Code { get; init; }
    /// <summary>The signal that ended it, 0 when it exited.</summary>
    public int Signal { get; init; }
    /// <summary>Whether a core was dumped.</summary>
    public bool CoreDumped { get; init; }

    /// <summary>As a shell gives it: the code, or 128 + signal.</summary>
    public int ShellCode => Signal == 0 ? Code : 128 + Signal;
}
