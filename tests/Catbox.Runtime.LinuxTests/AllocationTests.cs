using System.Globalization;

namespace Catbox.Runtime.LinuxTests;

/// <summary>The way of a stop allocates nothing: what it did allocate, the garbage collector would stop every guest for.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class AllocationTests
{
    private const int Calls = 100_000;

    [SkippableFact]
    public async Task A_denied_call_allocates_nothing_on_the_tracer_thread()
    {
        using var scratch = new Scratch();
        var probe = new Probe(Calls);
        await using var runner = SandboxRunner.CreateStandalone(new SandboxRunnerOptions { Clock = probe });
        var spec = EngineFixture.Guest("repeats", scratch, "open", scratch.Out("refused"), Calls.ToString(CultureInfo.InvariantCulture)) with
        {
            StandardOutput = GuestStream.Null,
            MaxViolationsKept = 1,
        };
        await using var sandbox = await runner.StartAsync(spec);
        var result = await sandbox.Completion.WaitAsync(EngineFixture.Deadline);
        Assert.Equal((0, Calls), (result.Exit.Code, result.ViolationCount));

        // The best 20,000, by thousands: while the auditor lags behind, which it may on a busy machine, the pool of drafts and the queue to it grow. What
        // every call allocates is in all of them.
        var thousands = Enumerable.Range(0, Calls / 1_000).Select(i => probe.Readings[(i + 1) * 1_000] - probe.Readings[i * 1_000]);
        var best = thousands.Order().Take(20).Sum();
        Assert.True(best < 20_000, $"{best / 20_000.0:F3} bytes per denied call");
    }

    /// <summary>A clock that notes what its thread has allocated: the engine reads it on the tracer thread at each violation.</summary>
    private sealed class Probe(int calls) : TimeProvider
    {
        /// <summary>Bytes that the tracer thread had allocated, in the order of the readings.</summary>
        public List<long> Readings { get; } = new(calls + 1_000);

        public override DateTimeOffset GetUtcNow()
        {
            if (Thread.CurrentThread.Name is { } name && name.StartsWith("catbox tracer", StringComparison.Ordinal))
            {
                Readings.Add(GC.GetAllocatedBytesForCurrentThread());
            }

            return base.GetUtcNow();
        }
    }
}
