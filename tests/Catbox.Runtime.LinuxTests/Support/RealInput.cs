using System.Collections.Immutable;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>
/// A command on a copy of a fixture, run first without a sandbox and then inside, at the very same path: what both leave must be the same files
/// with the same bytes, and the same exit code.
/// </summary>
internal sealed class RealInput : IDisposable
{
    public Scratch Scratch { get; } = new();

    /// <summary>Where the command runs.</summary>
    public string Work => Scratch.In("work");

    /// <summary>Makes what the command starts from, in <see cref="Work"/>.</summary>
    public required Action<string> Prepare { get; init; }

    public required ImmutableArray<string> Command { get; init; }

    public ImmutableDictionary<string, string?> Environment { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>What may be written beside the scratch's inner directory.</summary>
    public ImmutableArray<string> AlsoWritable { get; init; } = [];

    /// <summary>What is refused without a violation.</summary>
    public ImmutableArray<string> Silent { get; init; } = [];

    /// <summary>Paths (relative, as <c>find</c> prints them) that differ from run to run without a sandbox as well.</summary>
    public Func<string, bool> Varies { get; init; } = static _ => false;

    /// <summary>A fixture's copy as a start.</summary>
    public static Action<string> Fixture(string name) =>
        work => Unconfined.Run("cp", ["-r", Path.Combine(AppContext.BaseDirectory, "fixtures", name), work]).Succeeded();

    /// <summary>Runs it both ways and compares.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="outside">A file outside that the confined run tries to write (in the variable OUTSIDE), or null.</param>
    public async Task<GuestRun> RunBothAsync(EngineFixture engine, string? outside = null)
    {
        Prepare(Work);
        var expected = Unconfined.Run(Command[0], Command.Skip(1), Work, Environment);
        var left = List();
        Assert.True(left.Count > 1, "the command made no file");
        Unconfined.Run("rm", ["-rf", Work]).Succeeded();

        Prepare(Work);
        var spec = EngineFixture.Command(Scratch, [.. Command.Select(GuestString.FromString)]) with
        {
            WorkingDirectory = Work,
            Policy = Scratch.Policy with { Writable = [.. Scratch.Policy.Writable, .. AlsoWritable], Silent = Silent },
            Environment = (outside is null ? Environment : Environment.SetItem("OUTSIDE", outside)).ForGuest(),
        };
        var run = await engine.RunAsync(spec);
        if (run.Result.Reason != EndReason.Exited || run.Result.Exit.Code != expected.Code)
        {
            Assert.Fail($"{string.Join(' ', Command)} exits with {expected.Code} outside; inside: {run}");
        }

        var made = List();
        Assert.True(left.SequenceEqual(made), Difference(left, made) + run);
        return run;
    }

    public void Dispose() => Scratch.Dispose();

    private List<string> List() => [.. Scratch.Snapshot(Work).Split('\n').Where(line => line.Length > 0 && !Varies(line.TrimStart('/')))];

    private static string Difference(List<string> left, List<string> made) =>
        $"only outside:\n  {string.Join("\n  ", left.Except(made).Take(20))}\nonly inside:\n  {string.Join("\n  ", made.Except(left).Take(20))}\n";
}
