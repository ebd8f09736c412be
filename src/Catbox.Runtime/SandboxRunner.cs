using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Catbox.Policy.Filtering;
using Catbox.Policy.Judging;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls.Tables;
using Catbox.Runtime.Actors;
using Catbox.Runtime.Actors.Dispatch;
using Catbox.Runtime.Auditing;
using Catbox.Runtime.Launching;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing;
using Catbox.Runtime.Tracing.Behalf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Catbox.Runtime;

/// <summary>Runs sandboxes on tracer loops of its own, in an actor system of its own or the host's.</summary>
public sealed partial class SandboxRunner : ISandboxRunner
{
    /// <summary>Nothing is written anywhere: a standalone engine reports by results, and a guest's standard output is its own.</summary>
    private const string StandaloneHocon = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          loggers = []
          log-dead-letters = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.run-by-actor-system-terminate = off
          actor.serializers {
            json = "Catbox.Runtime.Actors.NoSerializer, Catbox.Runtime"
            bytes = "Catbox.Runtime.Actors.NoBytesSerializer, Catbox.Runtime"
          }
        }
        """;

    private readonly SandboxRunnerOptions _options;
    private readonly TracerLoop[] _loops;
    private readonly ConcurrentDictionary<StopSet, FilterProgram> _filters = new();
    private readonly ILogger _logger;
    private readonly TemporaryDirectories _temporaries = new();

    /// <summary>Several runners may share an actor system; a dispatcher of the same name would give one of them the other's loop.</summary>
    private readonly string _name = $"catbox-{Guid.NewGuid():N}";
    private readonly ulong _ignoredSignals;
    private readonly bool _ownsSystem;
    private readonly Task<(ActorSystem System, IActorRef Sandboxes)> _ready;
    private readonly ConcurrentDictionary<long, SandboxSession> _live = new();
    private long _lastId;
    private int _disposed;

    private SandboxRunner(SandboxRunnerOptions options, ActorSystem? system)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TracerLoops, 1, nameof(options));
        _options = options;
        _ownsSystem = system is null;
        _logger = options.Loggers?.CreateLogger("Catbox.Runtime") ?? NullLogger.Instance;
        _ignoredSignals = LaunchPlanner.IgnoredSignals();
        _loops = [.. Enumerable.Range(0, options.TracerLoops).Select(i => new TracerLoop($"catbox tracer {i}", options.TracerLoops > 1))];
        _ready = StartAsync(system);
    }

    /// <summary>A runner with an actor system of its own.</summary>
    public static SandboxRunner CreateStandalone(SandboxRunnerOptions? options = null) => new(options ?? new SandboxRunnerOptions(), null);

    /// <summary>A runner in the host's actor system.</summary>
    public static SandboxRunner Create(ActorSystem system, SandboxRunnerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new(options ?? new SandboxRunnerOptions(), system);
    }

    /// <inheritdoc/>
    public async Task<Sandbox> StartAsync(SandboxSpec spec, SandboxHooks? hooks = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await LaunchAsync(spec, hooks, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            hooks?.Events?.TryComplete();
            throw;
        }
    }

    private async Task<SandboxSession> LaunchAsync(SandboxSpec spec, SandboxHooks? hooks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (spec.Command.IsDefaultOrEmpty)
        {
            throw new ArgumentException("the command is empty", nameof(spec));
        }

        cancellationToken.ThrowIfCancellationRequested();
        var id = Interlocked.Increment(ref _lastId);
        var number = (int)(id % _loops.Length);
        var directory = spec.PrivateTemporaryDirectory && !spec.Policy.Strict ? _temporaries.Make() : null;
        var temporary = directory?.Path;
        StandardStreams? streams = null;
        SandboxSession handle;
        try
        {
            var paths = new LandlockPaths();
            var floor = LandlockFloor.Plan(spec, temporary, paths, _options.LandlockAbi);
            var rules = CompiledPolicy.Compile(floor.Reachable(spec.Policy), new PolicyContext
            {
                SessionWritable = temporary is { } path ? [[.. path.Bytes]] : [],
                Pinned = floor.Pinned,
                QueuesAreShut = floor.QueuesAreShut,
                TracerIsRoot = Identity.EffectiveUser == 0,
                TracerHasPrivileges = !ThreadCredentials.IsThisThreadPlain(),
                PlacesGuests = true,
                DumpsNoCore = !LandlockFloor.HoldsCoreDumps(spec, floor),
            });
            var own = StopSet.Of(rules.Needs);
#if CATBOX_TEST_BUILD
            var stops = own.Union(StopSet.OfCalls(spec.AlsoStops.Select(LinuxX64.Table.Named)));
#else
            var stops = own;
#endif
            var environment = LaunchPlanner.Environment(spec, temporary);
            var program = LaunchPlanner.FindProgram(spec.Command[0], environment, spec.WorkingDirectory);
            var (_, hard) = Identity.OpenFiles;
            var soft = spec.OpenFilesLimit is { } limit ? Math.Min((ulong)limit, hard) : LaunchPlanner.OriginalOpenFilesLimit(hard);
            streams = StandardStreams.Open(spec);
            floor = floor with { Streams = InheritedObjects.WritableStreams([.. streams.GuestEnds]) };
            var (ruleset, opened) = LandlockFloor.Descriptors(streams.GuestEnds);
            var plan = new LaunchPlan(
                LaunchPlanner.Steps(
                    spec,
                    program,
                    environment,
                    Filter(stops),
                    soft,
                    hard,
                    [.. LaunchPlanner.LimitSteps(rules.Needs), .. LaunchPlanner.LandlockSteps(floor, ruleset, opened, p => paths.WayTo(p.AsSpan()))]),
                [.. streams.GuestEnds],
                _ignoredSignals);
            if (_logger.IsEnabled(LogLevel.Debug))
            {
                RunnerLog.FilterCompiled(_logger, id, FilterFor(stops).Instructions.Length, stops.ToString());
                RunnerLog.Launching(_logger, id, plan.ToString());
            }

            var (_, sandboxes) = await _ready.WaitAsync(cancellationToken).ConfigureAwait(false);
            handle = new SandboxSession(id, streams, directory)
            {
                Rules = LandlockFloor.Rules(spec, temporary, floor),
                Events = hooks?.Events,
                Patience = _options.Patience,
            };
            var session = new SessionContext(
                spec,
#if CATBOX_TEST_BUILD
                new TracedSession(id, handle) { SealsArguments = Tracing.Slots.SealCheck.Works && !spec.WithoutMseal, SkipsExitStops = spec.SkipsExitStops },
#else
                new TracedSession(id, handle),
#endif
                _loops[number],
                LinuxX64.Table,
                new PolicyJudge(rules, InheritedObjects.Of(plan.StandardStreams)) { OwnFilter = stops.Equals(own) ? null : FilterFor(own) },
                new AuditTrail(() => handle.HasReaders || hooks is { ProcessStarted: not null } or { ProcessExecuted: not null } or { ProcessExited: not null }),
                _options.Clock)
            {
                Advisor = _options.Advisor,
                AdviceDeadline = _options.AdviceDeadline,
                AdvicePatience = _options.AdvicePatience,
#if CATBOX_TEST_BUILD
                JudgesAndContinues = spec.JudgesAndContinues,
#endif
            };
            _live[id] = handle;
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            sandboxes.Tell(new SandboxesActor.Start(handle, session, plan, hooks, DispatcherId(number)));
        }
        catch
        {
            _live.TryRemove(id, out _);
            streams?.Dispose();
            directory?.Remove();
            throw;
        }

        var cancellation = cancellationToken.Register(static s => ((SandboxSession)s!).Kill(EndReason.Killed), handle);
        _ = handle.Completion.ContinueWith(
            ended =>
            {
                _live.TryRemove(id, out _);
                cancellation.Dispose();
                LogEnd(id, ended.Result);
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
        try
        {
            await handle.Started.WaitAsync(cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever cancels gets no sandbox to wait for: what was started is over when this throws. A launch that failed meanwhile was killed.
            await handle.DisposeAsync().ConfigureAwait(false);
            throw e as OperationCanceledException ?? new OperationCanceledException(cancellationToken);
        }

        RunnerLog.Started(_logger, id, handle.Pid);
        return handle;
    }

    /// <summary>
    /// Kills what still runs and waits for its end, but for no part of it longer than ten seconds: a tracer thread that hangs in the kernel is left behind.
    /// Every <see cref="Sandbox.Completion"/> is then complete, as <see cref="EndReason.Faulted"/> where a session had not ended.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        const ConfigureAwaitOptions Whatever = ConfigureAwaitOptions.SuppressThrowing;
        var patience = _options.Patience;
        try
        {
            var (system, sandboxes) = await _ready.ConfigureAwait(false);

            // The loops go on until the actors are gone: those are stopped on them.
            Task stopped = sandboxes.GracefulStop(patience);
            await stopped.ConfigureAwait(Whatever);
            if (_ownsSystem)
            {
                await system.Terminate().WaitAsync(patience).ConfigureAwait(Whatever);
            }
        }
        catch (SandboxLaunchException)
        {
            // The loops never started; whoever asked for a sandbox was told.
        }
        finally
        {
            await Task.WhenAll(_loops.Select(static loop => loop.DisposeAsync().AsTask())).WaitAsync(patience).ConfigureAwait(Whatever);
            foreach (var session in _live.Values)
            {
                session.Abandon("the runner was disposed of, and the session has not ended");
            }
        }
    }

    private async Task<(ActorSystem System, IActorRef Sandboxes)> StartAsync(ActorSystem? given)
    {
        // Side by side: a loop makes its doorbell and the first caller its plan while the actor system reads its configuration.
        var loops = Task.WhenAll(_loops.Select(static l => l.StartAsync()));
        var system = given ?? await Task.Run(static () => ActorSystem.Create("catbox", ConfigurationFactory.ParseString(StandaloneHocon)))
            .ConfigureAwait(false);
        for (var i = 0; i < _loops.Length; i++)
        {
            var config = ConfigurationFactory.ParseString($"id = {DispatcherId(i)}, throughput = 100, throughput-deadline-time = 0ms")
                .WithFallback(system.Settings.Config.GetConfig("akka.actor.default-dispatcher"));
            system.Dispatchers.RegisterConfigurator(
                DispatcherId(i), new LoopDispatcherConfigurator(_loops[i], config, system.Dispatchers.Prerequisites));
        }

        await loops.ConfigureAwait(false);
        return (system, system.ActorOf(SandboxesActor.Props(), _name));
    }

#if CATBOX_TEST_BUILD
    private FilterProgram? Filter(StopSet stops) => _options.FloorAlone ? null : FilterFor(stops);
#else
    private FilterProgram Filter(StopSet stops) => FilterFor(stops);
#endif

    /// <summary>A program depends on the set alone, and there are few of those.</summary>
    private FilterProgram FilterFor(StopSet stops) => _filters.GetOrAdd(stops, static s => FilterCompiler.Compile(LinuxX64.Table, s));

    private void LogEnd(long id, SandboxResult result)
    {
        RunnerLog.Ended(_logger, id, result.Reason, result.WallTime, result.Stops.Total, result.ViolationCount);
        if (result.Fault is { } fault)
        {
            RunnerLog.Faulted(_logger, id, fault);
        }
    }

    private string DispatcherId(int loop) => $"{_name}.loop-{loop}";
}
