using System.Globalization;
using Catbox.Runtime;

namespace Catbox.Host.Running;

/// <summary>How a run's end is told: the exit code, and a line where the guest did not end by itself.</summary>
internal static class RunOutcome
{
    private const int Sigkill = 9;

    /// <summary>What catbox exits with.</summary>
    public static int ExitCode(SandboxResult result, bool failOnViolation)
    {
        switch (result.Reason)
        {
            case EndReason.TimedOut:
                return ExitCodes.TimedOut;
            case EndReason.HookFailed or EndReason.Faulted:
                return ExitCodes.Failure;
            case EndReason.Killed or EndReason.ViolationKill:
                // The first process may have exited in the same moment; what counts is that the run was ended.
                return ExitCodes.SignalBase + (result.Exit.Signal == 0 ? Sigkill : result.Exit.Signal);
            default:
                var code = result.Exit.ShellCode;
                return code == ExitCodes.Success && failOnViolation && result.ViolationCount > 0 ? ExitCodes.Violations : code;
        }
    }

    /// <summary>What is told of the end; null where it was the guest's own.</summary>
    public static string? Message(SandboxResult result, SandboxSpec spec) => result.Reason switch
    {
        EndReason.TimedOut => string.Create(CultureInfo.InvariantCulture, $"ended by --timeout after {spec.Timeout?.TotalSeconds ?? 0:0.###} s"),
        EndReason.Killed => "killed",
        EndReason.ViolationKill => "ended at a violation (--on-violation kill)",
        EndReason.HookFailed or EndReason.Faulted => $"the engine could not go on, and everything was killed: {result.Fault}",
        _ => null,
    };
}
