using System.Globalization;

namespace Catbox.Runtime.LinuxTests.Races;

/// <summary>
/// A call that is made in another way than the guest made it must come to the same: calls that a seed chooses are made outside and inside on equal trees, and
/// must have the same answers, and leave the same.
/// </summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class SameAnswersTests(EngineFixture engine)
{
    private const int Calls = 250;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("CATBOX_SEEDS") ?? "40", CultureInfo.InvariantCulture))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Calls_inside_answer_as_outside_and_leave_the_same_tree(int seed)
    {
        var (outside, inside) = (RunOutside(seed, Calls), await RunInsideAsync(seed, Calls));
        for (var i = 0; i < Math.Max(outside.Lines.Length, inside.Lines.Length); i++)
        {
            var (expected, got) = (outside.Lines.ElementAtOrDefault(i), inside.Lines.ElementAtOrDefault(i));
            if (expected != got)
            {
                Assert.Fail($"seed {seed}, call {i + 1}\n  outside: {expected}\n  inside:  {got}\n  before:  {string.Join("\n           ", outside.Lines[..i].TakeLast(4))}");
            }
        }

        if (outside.Tree != inside.Tree)
        {
            await FailAtShortestAsync(seed);
        }
    }

    /// <summary>The answers are the same and what is left is not: says by which call.</summary>
    private async Task FailAtShortestAsync(int seed)
    {
        var (same, other) = (0, Calls);
        while (other - same > 1)
        {
            var middle = (same + other) / 2;
            (same, other) = RunOutside(seed, middle).Tree == (await RunInsideAsync(seed, middle)).Tree ? (middle, other) : (same, middle);
        }

        var (outside, inside) = (RunOutside(seed, other), await RunInsideAsync(seed, other));
        var (left, made) = (outside.Tree.Split('\n'), inside.Tree.Split('\n'));
        Assert.Fail($"seed {seed}, after call {other}: {outside.Lines[^1]}\nonly outside:\n  {string.Join("\n  ", left.Except(made))}\nonly inside:\n  {string.Join("\n  ", made.Except(left))}");
    }

    private static (string[] Lines, string Tree) RunOutside(int seed, int calls)
    {
        using var place = new Place();
        var run = Unconfined.Run(Guests.Build("calls_by_seed"), place.Arguments(seed, calls)).Succeeded();
        return (run.OutputLines, place.Listing());
    }

    private async Task<(string[] Lines, string Tree)> RunInsideAsync(int seed, int calls)
    {
        using var place = new Place();
        var spec = EngineFixture.Command(place.Scratch, [Guests.Build("calls_by_seed"), .. place.Arguments(seed, calls).Select(GuestString.FromString)]);
        var run = (await engine.RunAsync(spec with { Policy = spec.Policy with { Writable = [place.Top, "/proc"] } })).Succeeded();
        return (run.OutputLines, place.Listing());
    }

    /// <summary>An empty directory at a path that is the same each time, since links and lines say it; deep enough that no <c>..</c> leads out of what may be written.</summary>
    private sealed class Place : IDisposable
    {
        private static readonly string s_unique = Path.Combine("/tmp", "catbox-same-" + Guid.NewGuid().ToString("N")[..8]);

        public Scratch Scratch { get; } = new();

        public string Top => s_unique;

        private string Tree { get; } = Directory.CreateDirectory(s_unique + "/1/2/3/4/5/6/7/8").FullName;

        public string[] Arguments(int seed, int calls) => [Text(seed), Text(calls), Tree];

        public string Listing() => Unconfined.Run(Guests.Build("tree_listing"), [Top]).Succeeded().Output;

        public void Dispose()
        {
            Scratch.Dispose();
            Unconfined.Run("chmod", ["-R", "u+rwX", Top]);
            Unconfined.Run("rm", ["-rf", Top]).Succeeded();
        }

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
