using Catbox.Policy;
using Catbox.Runtime.Diagnostics;

namespace Catbox.Host.Tests.Diagnostics;

public sealed class MachineRulesTests
{
    private static readonly Errno Enosys = new(38);

    private static readonly MachineFacts Good = new()
    {
        KernelRelease = "6.18.0-12-generic",
        Architecture = "x86_64",
        Pid = 4711,
        HasProc = true,
        LandlockAbi = 7,
        MaxUserNamespaces = 1000,
    };

    private static MachineCheck Check(MachineFacts facts, string name) => MachineRules.Conclude(facts).Checks.Single(c => c.Name == name);

    [Fact]
    public void A_good_machine_has_everything() =>
        Assert.All(MachineRules.Conclude(Good).Checks, static c => Assert.Equal(MachineCheckState.Available, c.State));

    [Theory]
    [InlineData(0, false, true)]
    [InlineData(1, false, true)]
    [InlineData(2, false, false)]
    [InlineData(2, true, true)]
    [InlineData(3, true, false)]
    public void Yama_decides_with_the_capability(int scope, bool capability, bool works) =>
        Assert.Equal(works, MachineRules.Conclude(Good with { YamaScope = scope, HasPtraceCapability = capability }).CanRun);

    [Fact]
    public void Without_ptrace_nothing_can_run() => Assert.False(MachineRules.Conclude(Good with { Ptrace = new Errno(1) }).CanRun);

    [Fact]
    public void Without_filters_nothing_can_run() => Assert.False(MachineRules.Conclude(Good with { SeccompTrace = Enosys }).CanRun);

    [Fact]
    public void Without_Landlock_everything_runs_with_less()
    {
        var facts = Good with { Landlock = Enosys };
        Assert.True(MachineRules.Conclude(facts).CanRun);
        Assert.Equal(MachineCheckState.Missing, Check(facts, "landlock").State);
    }

    [Theory]
    [InlineData(1, MachineCheckState.Missing)]
    [InlineData(2, MachineCheckState.Limited)]
    [InlineData(5, MachineCheckState.Limited)]
    [InlineData(6, MachineCheckState.Available)]
    [InlineData(9, MachineCheckState.Available)]
    public void An_older_Landlock_is_a_floor_under_less(int abi, MachineCheckState state) =>
        Assert.Equal(state, Check(Good with { LandlockAbi = abi }, "landlock").State);

    [Theory]
    [InlineData("6.15.9", MachineCheckState.Missing)]
    [InlineData("6.16.0", MachineCheckState.Available)]
    [InlineData("7.0-rc1", MachineCheckState.Available)]
    public void Registers_are_set_in_one_call_from_6_16_on(string release, MachineCheckState state) =>
        Assert.Equal(state, Check(Good with { KernelRelease = release }, "ptrace-set-syscall-info").State);

    [Fact]
    public void Process_1_is_warned() => Assert.Equal(MachineCheckState.Limited, Check(Good with { Pid = 1 }, "pid").State);

    [Theory]
    [InlineData(0L, null, false, MachineCheckState.Missing)]
    [InlineData(1000L, 0, false, MachineCheckState.Missing)]
    [InlineData(1000L, 0, true, MachineCheckState.Available)]
    [InlineData(1000L, 1, false, MachineCheckState.Available)]
    public void User_namespaces_depend_on_the_settings(long max, int? unprivileged, bool root, MachineCheckState state) => Assert.Equal(
        state, Check(Good with { MaxUserNamespaces = max, UnprivilegedUserNamespaces = unprivileged, IsRoot = root }, "user-namespaces").State);

    [Fact]
    public void Another_architecture_is_not_supported() => Assert.False(MachineRules.Conclude(Good with { Architecture = "aarch64" }).CanRun);

    [Fact]
    public void Every_check_says_what_is_lost() => Assert.All(MachineRules.Conclude(Good).Checks, static c => Assert.NotEmpty(c.Without));

    [Fact]
    public void This_machine_answers_every_question() =>
        Assert.All(MachineReport.Probe().Checks, static c => Assert.NotEmpty(c.Detail));
}
