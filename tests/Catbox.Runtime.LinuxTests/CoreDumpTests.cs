using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests;

/// <summary>A core dump is a file that the kernel makes: no call of the guest's is there to be judged.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class CoreDumpTests(EngineFixture engine)
{
    public static TheoryData<string> Ways => ["abort", "filter", "frame"];

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task None_lands_outside_whoever_holds_it(string way)
    {
        using var scratch = new Scratch();
        foreach (var landlock in new[] { LandlockMode.Auto, LandlockMode.Off })
        {
            foreach (var policy in new[] { scratch.Policy, scratch.Policy with { DenyWrite = [Scratch.MakeDirectory(scratch.In("denied"))] } })
            {
                foreach (var directory in policy.DenyWrite.Add(scratch.Outside))
                {
                    var run = await DieAsync(scratch, policy, landlock, directory, way);
                    Assert.NotEqual(0, run.Result.Exit.Signal);
                    Assert.Empty(Directory.GetFiles(directory));
                }
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task Where_the_floor_holds_it_one_lands_inside_as_it_does_outside(string way)
    {
        LandlockMachine.Need(2);
        using var scratch = new Scratch();
        Unconfined.RunGuest("dumps_core", scratch.Inside, scratch.Outside, way);
        Skip.If(Directory.GetFiles(scratch.Outside).Length == 0, "nothing is dumped into the working directory here");
        await DieAsync(scratch, scratch.Policy, LandlockMode.Auto, scratch.Inside, way);
        Assert.Single(Directory.GetFiles(scratch.Inside));
    }

    [SkippableFact]
    public async Task Without_it_the_limit_is_nothing_and_asking_for_that_works()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Command(scratch, "/bin/sh", "-c", "ulimit -c 0; ulimit -Hc") with { Landlock = LandlockMode.Off };
        Assert.Equal("0\n", (await engine.RunAsync(spec)).Succeeded().HasNoViolations().Output);
    }

    private Task<GuestRun> DieAsync(Scratch scratch, SandboxPolicy policy, LandlockMode landlock, string directory, string way) => engine.RunAsync(
        EngineFixture.Guest("dumps_core", scratch, GuestString.FromString(directory), GuestString.FromString(way)) with { Policy = policy, Landlock = landlock });
}
