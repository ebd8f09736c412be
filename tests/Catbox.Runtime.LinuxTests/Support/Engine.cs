namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>
/// The one place where the tests make an engine. `make test-layers` takes a layer away from all of them: with CATBOX_TEST_LANDLOCK_ABI=N in the environment it takes
/// the kernel's Landlock for one of version N (0: none), with CATBOX_TEST_MSEAL=no the kernel for one without mseal. The tests must pass all the same, but for those that
/// show what the layer is for; and those must find that the session's rules say so.
/// With CATBOX_TEST_ADVICE=later (`make test-later`) each judged call of each guest is answered a millisecond later, by another thread; with `waiting` each guest waits in another call meanwhile.
/// </summary>
internal static class Engine
{
    /// <summary>Whether slots can be sealed here, by the kernel and by what was taken away.</summary>
    public static bool Seals { get; } = Tracing.Slots.SealCheck.Works && Environment.GetEnvironmentVariable("CATBOX_TEST_MSEAL") != "no";

    /// <summary>Whether somebody is asked about each call: <c>later</c>, or <c>waiting</c> where each guest waits in another call meanwhile; null for nobody.</summary>
    public static string? Advice { get; } = Environment.GetEnvironmentVariable("CATBOX_TEST_ADVICE");

    public static ISandboxRunner Create()
    {
        var runner = SandboxRunner.CreateStandalone(new SandboxRunnerOptions { LandlockAbi = LandlockMachine.Assumed, Advisor = Advice is null ? null : new SlowAdvisor(), AdvicePatience = Advice == "waiting" ? TimeSpan.Zero : TimeSpan.FromMilliseconds(20) });
        return Seals ? runner : new WithoutMseal(runner);
    }

    private sealed class WithoutMseal(ISandboxRunner runner) : ISandboxRunner
    {
        public Task<Sandbox> StartAsync(SandboxSpec spec, SandboxHooks? hooks, CancellationToken cancellationToken) =>
#if CATBOX_TEST_BUILD
            runner.StartAsync(spec with { WithoutMseal = true }, hooks, cancellationToken);
#else
            runner.StartAsync(spec, hooks, cancellationToken);
#endif

        public ValueTask DisposeAsync() => runner.DisposeAsync();
    }
}
