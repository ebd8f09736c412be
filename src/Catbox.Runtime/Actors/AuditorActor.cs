using System.Collections.Immutable;
using Akka.Actor;
using Catbox.Runtime.Actors.Protocol;
using Catbox.Runtime.Auditing;

namespace Catbox.Runtime.Actors;

/// <summary>
/// Aggregates a session's violations and process records, calls its hooks and feeds its readers; off the hot path, on the default dispatcher.
/// It never holds a verdict: a slow hook only makes its own session's trail longer.
/// </summary>
internal sealed class AuditorActor : UntypedActor, IWithTimers
{
    /// <summary>How long it looks again by itself before it must be woken.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly AuditTrail _trail;
    private readonly SandboxSpec _spec;
    private readonly SandboxHooks? _hooks;
    private readonly SandboxSession _session;
    private readonly ImmutableArray<Violation>.Builder _violations = ImmutableArray.CreateBuilder<Violation>();
    private readonly List<ProcessRecord> _processes = [];
    private long _violationCount;
    private string? _hookFault;

    public AuditorActor(AuditTrail trail, SandboxSpec spec, SandboxHooks? hooks, SandboxSession session)
    {
        _trail = trail;
        _spec = spec;
        _hooks = hooks;
        _session = session;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(AuditTrail trail, SandboxSpec spec, SandboxHooks? hooks, SandboxSession session) =>
        ActorFactory.Props(() => new AuditorActor(trail, spec, hooks, session));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        var self = Self;
        _trail.WakeBy(() => self.Tell(AuditorProtocol.Drain.Instance));
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is not AuditorProtocol.Drain)
        {
            Unhandled(message);
            return;
        }

        var any = false;
        while (_trail.Items.TryRead(out var item))
        {
            any = true;
            Take(item);
        }

        if (any || !_trail.TrySleep())
        {
            Timers.StartSingleTimer("drain", AuditorProtocol.Drain.Instance, Interval);
        }
    }

    private void Take(in AuditItem item)
    {
        if (item.Violation is { } draft)
        {
            var violation = draft.ToViolation();
            _trail.Return(draft);
            _violationCount++;
            if (_violations.Count < _spec.MaxViolationsKept)
            {
                _violations.Add(violation);
            }

            Deliver(violation);
        }
        else if (item.Event is { } happened)
        {
            Deliver(happened);
        }
        else if (item.Ended is { } record)
        {
            _processes.Add(record);
            if (record.Ended is { } at && record.Status is { } status)
            {
                Deliver(new ProcessExited { Pid = record.Pid, Generation = record.Generation, Time = at, Status = status });
            }
        }
        else if (item.Stranger != 0)
        {
            _ = TellOfStranger(item.Stranger);
        }
        else if (item.End is { } end)
        {
            Complete(end);
        }
    }

    private void Deliver(SandboxEvent happened)
    {
        try
        {
            _session.Publish(happened);
            switch (happened)
            {
                case Violation violation:
                    _hooks?.Violation?.Invoke(violation);
                    break;
                case ProcessStarted started:
                    _hooks?.ProcessStarted?.Invoke(started);
                    break;
                case ProcessExecuted executed:
                    _hooks?.ProcessExecuted?.Invoke(executed);
                    break;
                case ProcessExited exited:
                    _hooks?.ProcessExited?.Invoke(exited);
                    break;
            }
        }
#pragma warning disable CA1031 // A hook is the user's: whatever it throws makes its own session fail, and nothing else.
        catch (Exception e)
#pragma warning restore CA1031
        {
            FailByHook(happened.GetType().Name, e);
        }
    }

    private async Task TellOfStranger(int tid)
    {
        if (_hooks?.ChildDiedUnexpectedly is { } hook)
        {
            try
            {
                await hook(tid, CancellationToken.None).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // As above.
            catch (Exception e)
#pragma warning restore CA1031
            {
                FailByHook("child_died_unexpectedly", e);
            }
        }
    }

    private void FailByHook(string hook, Exception error)
    {
        // An asynchronous hook fails on a thread of its own.
        Interlocked.CompareExchange(ref _hookFault, $"hook {hook} failed: {error.Message}", null);
        _session.Kill(EndReason.HookFailed);
    }

    private void Complete(SessionEnd end)
    {
        var leftover = end.Temporary?.Remove();
        _processes.Sort(static (a, b) => a.Generation.CompareTo(b.Generation));
        _session.Complete(new SandboxResult
        {
            Reason = _hookFault is null ? end.Reason : EndReason.HookFailed,
            Exit = end.Exit,
            Violations = _violations.ToImmutable(),
            ViolationCount = _violationCount,
            Processes = [.. _processes],
            WallTime = end.WallTime,
            UserTime = Sum(static p => p.UserTime),
            SystemTime = Sum(static p => p.SystemTime),
            PeakMemory = _processes.Count == 0 ? 0 : _processes.Max(static p => p.PeakMemory),
            Stops = end.Stops,
            Fault = end.Fault ?? _hookFault,
            Leftover = leftover,
        });
        Context.Stop(Self);
    }

    private TimeSpan Sum(Func<ProcessRecord, TimeSpan> part) => TimeSpan.FromTicks(_processes.Sum(p => part(p).Ticks));
}
