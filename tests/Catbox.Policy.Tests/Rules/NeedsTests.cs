using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Xunit;

namespace Catbox.Policy.Tests.Rules;

public sealed class NeedsTests
{
    private const FilterNeeds Always = FilterNeeds.Writes | FilterNeeds.Processes | FilterNeeds.Refusals;
    private const FilterNeeds Sockets = FilterNeeds.Internet | FilterNeeds.UnixSockets;

    [Fact]
    public void A_write_policy_with_the_network_on_needs_least()
        => Assert.Equal(Always, Needs(new SandboxPolicy { Network = NetworkMode.On, Writable = ["/a"], DenyWrite = ["/a/b"], Silent = ["/c"] }));

    [Fact]
    public void The_network_off_or_with_rules_needs_sockets()
    {
        Assert.Equal(Always | Sockets, Needs(new SandboxPolicy()));
        Assert.Equal(Always | Sockets, Needs(new SandboxPolicy { Network = NetworkMode.Rules }));
        Assert.Equal(Always | Sockets, Needs(new SandboxPolicy
        {
            Network = NetworkMode.On,
            NetworkRules = [.. NetworkRuleParser.ParseConnect("*:80")],
        }));
    }

    [Fact]
    public void Rules_for_reading_need_reads()
    {
        Assert.Equal(Always | FilterNeeds.Reads, Needs(On with { Readable = ["/a"] }));
        Assert.Equal(Always | FilterNeeds.Reads, Needs(On with { DenyRead = ["/a"] }));
    }

    [Fact]
    public void Rules_for_programs_and_a_tracer_that_is_not_root_need_executions()
    {
        Assert.Equal(Always | FilterNeeds.Executions, Needs(On with { Executable = ["/a"] }));
        Assert.Equal(Always | FilterNeeds.Executions, Needs(On with { DenyExecute = ["/a"] }));
        Assert.Equal(Always | FilterNeeds.Executions, Needs(On, new PolicyContext { TracerIsRoot = false }));
    }

    [Fact]
    public void Placing_guests_needs_affinity()
        => Assert.Equal(Always | FilterNeeds.Affinity, Needs(On, new PolicyContext { PlacesGuests = true }));

    [Fact]
    public void Changes_of_credentials_stop_for_a_tracer_with_privileges()
        => Assert.Equal(Always | FilterNeeds.Credentials, Needs(On, new PolicyContext { TracerHasPrivileges = true }));

    private static SandboxPolicy On { get; } = new() { Network = NetworkMode.On };

    private static FilterNeeds Needs(SandboxPolicy policy, PolicyContext? context = null)
        => CompiledPolicy.Compile(policy, context ?? new PolicyContext()).Needs;
}
