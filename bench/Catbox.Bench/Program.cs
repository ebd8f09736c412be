using Catbox.Bench;
using Catbox.Policy.Rules;
using Catbox.Runtime;

// denied [--smoke] [GUEST]: what a denied call costs the tracer thread in allocated bytes; and, when it runs under `strace -fc`, a known number of
// denied calls for the number of kernel calls per stop (see `calls COUNT`).
// allowed WAY DIRECTORY GUEST ARGS...: a guest of allowed calls in DIRECTORY, made as the engine makes them (product), judged and continued (continue), or in a slot
// without the stop at its end (bare).
if (args is ["allowed", var way and ("product" or "continue" or "bare"), var directory, ..] && args.Length > 3)
{
    return await AllowedCalls.RunAsync(way, directory, args[3..]);
}

if (args.Length == 0 || args[0] is not ("denied" or "calls"))
{
    Console.Error.WriteLine("usage: Catbox.Bench denied [--smoke] [GUEST] | calls COUNT [GUEST] | allowed product|continue|bare DIRECTORY GUEST ARGS...");
    return 2;
}

var smoke = args.Contains("--smoke");
var guest = args.LastOrDefault(static a => a.Contains('/', StringComparison.Ordinal)) ?? "artifacts/bench/denied";
var count = args[0] == "calls" ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : smoke ? 20_000 : 400_000;
var probe = new AllocationProbe();
await using var runner = SandboxRunner.CreateStandalone(new SandboxRunnerOptions { Clock = probe });
var spec = new SandboxSpec
{
    Command = [Path.GetFullPath(guest), $"{count}", "open", "/usr/share/catbox-bench-denied"],
    Policy = new SandboxPolicy { Writable = ["/tmp"] },
    StandardOutput = GuestStream.Null,
    MaxViolationsKept = 1,
};
await using var sandbox = await runner.StartAsync(spec);
var result = await sandbox.Completion;
if (result.Exit.Code != 0 || result.ViolationCount < count)
{
    Console.Error.WriteLine($"the guest ended with {result.Exit} after {result.ViolationCount} denied calls: {result.Fault}");
    return 1;
}

if (args[0] == "calls")
{
    Console.WriteLine($"denied calls: {result.ViolationCount}");
    return 0;
}

// The thread with most readings is the tracer's. The first half warms up: pools grow to what is in flight.
var tracer = probe.Readings.GroupBy(static r => r.Thread).MaxBy(static g => g.Count())!.Select(static r => r.Bytes).ToList();
var half = tracer.Count / 2;
var bytes = tracer[^1] - tracer[half];
var stops = tracer.Count - 1 - half;

// All stops that did not allocate at all, beside the average: a queue that grows once in a while is not an allocation per stop.
var allocating = Enumerable.Range(half + 1, stops).Count(i => tracer[i] != tracer[i - 1]);
Console.WriteLine($"  allocated on the tracer thread: {(double)bytes / stops:F3} bytes per denied call; {allocating} of {stops} denied calls allocated anything");
return (double)bytes / stops < 1 ? 0 : 1;
