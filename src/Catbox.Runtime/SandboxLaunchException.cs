using Catbox.Policy;

namespace Catbox.Runtime;

/// <summary>A command could not be started; no process is left behind.</summary>
public sealed class SandboxLaunchException : SandboxException
{
    internal SandboxLaunchException(string message, string operation, int pid, Errno errno, int exitCode = 125, Exception? inner = null)
        : base(message, inner)
    {
        Operation = operation;
        Pid = pid;
        Errno = errno;
        ExitCode = exitCode;
    }

    /// <summary>The launch step or kernel call that failed.</summary>
    public string Operation { get; }
    /// <summary>The process that it failed for, 0 where there was none.</summary>
    public int Pid { get; }
    /// <summary>The kernel's error.</summary>
    public Errno Errno { get; }
    /// <summary>The conventional exit code: 127 not found, 126 not executable, 125 our own failure.</summary>
    public int ExitCode { get; }
}
