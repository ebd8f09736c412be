using Catbox.Host.Rendering;
using Catbox.Host.Reports;
using Catbox.Runtime;
using Catbox.Runtime.Diagnostics;

namespace Catbox.Host.Running;

/// <summary>Runs a request to its end: starts the guest, passes signals on, tells violations, writes the report, chooses the exit code.</summary>
internal sealed class RunSession(RunRequest request, Terminal terminal)
{
    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="SandboxLaunchException">The command could not be started.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var log = request.Verbose ? new ProcessLog(terminal) : null;

        // Never disposed of: the session is over when this returns, and winding up an actor system costs as much as all the rest. The process's end
        // ends the tracer thread, and with it (PTRACE_O_EXITKILL) whatever it might still hold.
        var runner = Composition.CreateRunner(log?.Loggers);
        return await RunAsync(runner, log, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same, on a runner that is there.</summary>
    public async Task<int> RunAsync(ISandboxRunner runner, ProcessLog? log, CancellationToken cancellationToken)
    {
        terminal.BeginSharing();
        try
        {
            return await RunSharingAsync(runner, log, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            terminal.EndSharing();
        }
    }

    private async Task<int> RunSharingAsync(ISandboxRunner runner, ProcessLog? log, CancellationToken cancellationToken)
    {
        var spec = request.Spec;
        using var report = request.ReportPath is { } path ? new ReportFile(path, spec.Policy) : null;
        if (report?.Notice is { } notice)
        {
            terminal.Complain(notice);
        }

        if (report is not null)
        {
            spec = spec with { Policy = spec.Policy with { DenyWrite = [.. spec.Policy.DenyWrite.Union(report.Own)] } };
        }

        var presenter = new ViolationPresenter(terminal, spec.Policy);
        using var keyboard = spec.ShareTerminal ? ControllingTerminal.TryOpen() : null;
        using var signals = new SignalForwarder(keyboard is null ? null : (guest, signal) => keyboard.HasReached(guest.Pid, signal), TimeProvider.System);
        using var intake = SignalIntake.Open(
            SignalForwarder.Signals(keyboard is not null, HostSignals.Ignored()),
            (self, signal, isKernels) =>
            {
                if (!signals.OnSignal(signal, isKernels))
                {
                    self.Stop(signal);
                }
            });
        var started = new TaskCompletionSource<Sandbox>(TaskCreationOptions.RunContinuationsAsynchronously);

        Sandbox sandbox;
        try
        {
            sandbox = await runner.StartAsync(spec, Hooks(), cancellationToken).ConfigureAwait(false);
        }
        catch (SandboxLaunchException) when (signals.EarlySignal != 0)
        {
            // Control-C goes to all of our group, and so to what was to become the guest. Whoever typed it needs no words.
            return ExitCodes.SignalBase + signals.EarlySignal;
        }

        await using var sandboxScope = sandbox.ConfigureAwait(false);
        started.SetResult(sandbox);
        signals.Attach(sandbox);
        var result = await sandbox.Completion.ConfigureAwait(false);
        keyboard?.TakeBack(withModes: result.Reason != EndReason.Exited || result.Exit.Signal != 0);

        if (!request.Quiet)
        {
            presenter.ShowSum(result.ViolationCount);
        }

        if (RunOutcome.Message(result, spec) is { } message)
        {
            terminal.Complain(message);
        }

        if (result.Leftover is { } leftover)
        {
            terminal.Complain(leftover);
        }

        if (request.Statistics)
        {
            foreach (var line in Statistics.Of(result))
            {
                terminal.Complain(line);
            }
        }

        var code = RunOutcome.ExitCode(result, request.FailOnViolation);
        report?.Finish(result, code);
        return code;

        SandboxHooks Hooks() => new()
        {
            Violation = Tell,
            RootStopped = keyboard is null ? null : signal => _ = StopAsync(signal),
            ProcessStarted = log is null ? null : log.Started,
            ProcessExecuted = log is null ? null : log.Executed,
            ProcessExited = log is null ? null : log.Exited,
        };

        async Task StopAsync(int signal)
        {
            var guest = await started.Task.ConfigureAwait(false);
            keyboard.StopWith(intake, guest, signal);
        }

        void Tell(Violation violation)
        {
            report?.Append(violation);
            if (!request.Quiet)
            {
                presenter.Show(violation);
            }
        }
    }
}
