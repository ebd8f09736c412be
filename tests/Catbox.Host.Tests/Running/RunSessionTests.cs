using System.Text.Json;
using Catbox.Host.Running;
using Catbox.Runtime;

namespace Catbox.Host.Tests.Running;

public sealed class RunSessionTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("catbox-test-").FullName;
    private readonly Cli _cli = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Task<int> RunAsync(FakeRunner runner, params string[] options) =>
        new RunSession(_cli.Run([.. options, "true"]), _cli.Terminal).RunAsync(runner, null, CancellationToken.None);

    [Fact]
    public async Task The_exit_code_is_the_guests() => Assert.Equal(7, await RunAsync(new FakeRunner(Some.Result(code: 7))));

    [Fact]
    public async Task Nothing_of_ours_goes_to_stdout()
    {
        await RunAsync(new FakeRunner(Some.Result(violations: [Some.Violation("/x")]), Some.Violation("/x")), "--stats");
        Assert.Empty(_cli.Output);
    }

    [Fact]
    public async Task Violations_are_told_live_and_summed_up()
    {
        Violation[] violations = [Some.Violation("/a/x"), Some.Violation("/a/x"), Some.Violation("/a/y")];
        await RunAsync(new FakeRunner(Some.Result(violations: [.. violations]), violations));
        Assert.Equal(3, _cli.ErrorLines.Length);
        Assert.Equal("catbox: 3 violations, 2 distinct", _cli.ErrorLines[^1]);
    }

    [Fact]
    public async Task Quiet_tells_nothing_and_the_report_has_all()
    {
        var path = Path.Combine(_directory, "r.json");
        Violation[] violations = [Some.Violation("/a/x"), Some.Violation("/a/x")];
        await RunAsync(new FakeRunner(Some.Result(violations: [.. violations]), violations), "--quiet", "--report", path);
        Assert.Empty(_cli.Error);
        Assert.Equal(2, JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.GetProperty("violations").GetArrayLength());
    }

    [Fact]
    public async Task A_timeout_is_told_and_has_its_own_code()
    {
        Assert.Equal(124, await RunAsync(new FakeRunner(Some.Result(EndReason.TimedOut, signal: 9)), "--timeout", "1.5s"));
        Assert.Equal(["catbox: ended by --timeout after 1.5 s"], _cli.ErrorLines);
    }

    [Fact]
    public async Task The_spec_reaches_the_runner()
    {
        var runner = new FakeRunner(Some.Result());
        await RunAsync(runner, "-p", "/w");
        Assert.Equal(["/w"], runner.Spec!.Policy.Writable.AsEnumerable());
    }
}
