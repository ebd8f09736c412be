using Akka.Actor;
using Akka.Hosting;
using Catbox.Policy.Rules;
using Catbox.Runtime.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catbox.Runtime.LinuxTests.Hosting;

/// <summary>The engine in a host: a container alone, and one with an actor system.</summary>
public sealed class HostingTests
{
    private static readonly SandboxSpec True = new()
    {
        Command = ["true"],
        StandardInput = GuestStream.Null,
        StandardOutput = GuestStream.Null,
        StandardError = GuestStream.Null,
    };

    [Fact]
    public async Task A_container_runs_a_confined_command()
    {
        using var host = await StartAsync(services => services.AddCatbox());
        using var scratch = new Scratch();

        await using var sandbox = await Runner(host).StartAsync(True with
        {
            Command = ["/bin/sh", "-c", "echo x > ok; echo x > ../denied"],
            WorkingDirectory = scratch.Inside,
            Policy = new SandboxPolicy { Writable = [SandboxPolicy.EscapePattern(scratch.Inside)] },
        });
        var result = await sandbox.Completion;

        Assert.Equal(EndReason.Exited, result.Reason);
        Assert.Equal("denied", Path.GetFileName(Assert.Single(result.Violations).ResolvedText));
        Assert.True(File.Exists(Path.Combine(scratch.Inside, "ok")));
    }

    [Fact]
    public async Task A_container_without_an_actor_system_is_not_given_one()
    {
        using var host = await StartAsync(services => services.AddCatbox());

        Assert.Null(host.Services.GetService<ActorSystem>());
    }

    [Fact]
    public async Task Adding_twice_is_one_runner_and_both_configurations()
    {
        using var host = await StartAsync(services => services
            .AddCatbox(options => options.TracerLoops = 2)
            .AddCatbox(options => options.MaxConcurrentSandboxes = 7));

        var options = host.Services.GetRequiredService<IOptions<CatboxOptions>>().Value;
        Assert.Equal((2, 7), (options.TracerLoops, options.MaxConcurrentSandboxes));
        Assert.Single(host.Services.GetServices<ISandboxRunner>());
    }

    [Fact]
    public async Task Options_are_read_from_the_configuration_and_changed_in_code()
    {
        using var host = await StartAsync(
            services => services.AddCatbox(options => options.TracerLoops++),
            ("Catbox:TracerLoops", "2"),
            ("Catbox:MaxConcurrentSandboxes", "5"));

        var options = host.Services.GetRequiredService<IOptions<CatboxOptions>>().Value;
        Assert.Equal((3, 5), (options.TracerLoops, options.MaxConcurrentSandboxes));
    }

    [Theory]
    [InlineData("Catbox:TracerLoops", "0", "Catbox:TracerLoops is 0; it must be 1 to 8192")]
    [InlineData("Catbox:TracerLoops", "two", "Catbox:TracerLoops is \"two\"; it must be a number")]
    [InlineData("Catbox:MaxConcurrentSandboxes", "-1", "Catbox:MaxConcurrentSandboxes is -1")]
    [InlineData("Catbox:TracerLops", "1", "Catbox:TracerLops is not known")]
    public async Task A_host_with_an_option_that_is_wrong_does_not_start_and_says_which(string key, string value, string message)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(services => services.AddCatbox(), (key, value)));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_further_sandbox_waits_until_there_is_a_place()
    {
        using var host = await StartAsync(services => services.AddCatbox(options => options.MaxConcurrentSandboxes = 1));
        await using var first = await Runner(host).StartAsync(True with { Command = ["cat"], StandardInput = GuestStream.Piped });
        var waiting = Runner(host).StartAsync(True);

        await first.StandardInput.DisposeAsync();
        await using var second = await waiting;

        var ended = Assert.Single((await first.Completion).Processes).Ended;
        var started = Assert.Single((await second.Completion).Processes).Started;
        Assert.True(ended <= started, $"the first ended at {ended:O}, the second started at {started:O}");
    }

    [Fact]
    public async Task A_command_that_is_missing_gives_its_place_back()
    {
        using var host = await StartAsync(services => services.AddCatbox(options => options.MaxConcurrentSandboxes = 1));

        await Assert.ThrowsAsync<SandboxLaunchException>(() => Runner(host).StartAsync(True with { Command = ["/no/such/program"] }));
        await using var sandbox = await Runner(host).StartAsync(True);

        Assert.Equal(0, (await sandbox.Completion).Exit.ShellCode);
    }

    [Fact]
    public async Task A_wait_for_a_place_can_be_cancelled()
    {
        using var host = await StartAsync(services => services.AddCatbox(options => options.MaxConcurrentSandboxes = 1));
        await using var first = await Runner(host).StartAsync(True with { Command = ["cat"], StandardInput = GuestStream.Piped });
        using var cancel = new CancellationTokenSource();
        var waiting = Runner(host).StartAsync(True, cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_host_that_stops_kills_what_still_runs_and_starts_nothing_more()
    {
        using var host = await StartAsync(services => services.AddCatbox());
        var runner = Runner(host);
        var sandbox = await runner.StartAsync(True with { Command = ["cat"], StandardInput = GuestStream.Piped });

        await host.StopAsync();

        Assert.True(sandbox.Completion.IsCompleted);
        Assert.False(Directory.Exists($"/proc/{sandbox.Pid}"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => runner.StartAsync(True));
    }

    [Fact]
    public async Task In_a_host_with_an_actor_system_the_containers_runner_is_that_systems()
    {
        using var host = await StartAsync(services => services.AddCatbox().AddAkka("app", builder => builder.WithCatbox()));
        var system = host.Services.GetRequiredService<ActorSystem>();

        await using var sandbox = await Runner(host).StartAsync(True);

        Assert.Same(system.GetSandboxRunner(), Runner(host));
        Assert.Equal(0, (await sandbox.Completion).Exit.ShellCode);
    }

    [Fact]
    public async Task The_parent_of_all_sandboxes_is_in_the_registry_and_ends_with_the_host()
    {
        using var host = await StartAsync(services => services.AddAkka("app", builder => builder.WithCatbox(tracerLoops: 2)));

        var sandboxes = await host.Services.GetRequiredService<IRequiredActor<CatboxActors.Sandboxes>>().GetAsync();
        var watched = sandboxes.WatchAsync();
        await host.StopAsync();

        Assert.True(await watched);
    }

    [Fact]
    public async Task The_options_of_the_actor_system_count_before_those_of_the_container()
    {
        using var host = await StartAsync(services => services
            .AddCatbox()
            .AddAkka("app", builder => builder.WithCatbox(options => options.MaxConcurrentSandboxes = 1)));
        await using var first = await Runner(host).StartAsync(True with { Command = ["cat"], StandardInput = GuestStream.Piped });

        Assert.False(Runner(host).StartAsync(True).IsCompleted);
    }

    [Fact]
    public async Task Two_calls_of_WithCatbox_for_one_system_are_an_error_at_its_start() =>
        Assert.Contains("twice", (await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync(services => services.AddAkka("app", builder => builder.WithCatbox().WithCatbox())))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_working_engine_is_healthy()
    {
        using var host = await StartAsync(services => services
            .AddAkka("app", builder => builder.WithCatbox().WithCatboxHealthCheck())
            .AddHealthChecks());

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Healthy, report.Entries["catbox"].Status);
    }

    [Fact]
    public async Task An_engine_that_is_disposed_of_is_not_healthy()
    {
        using var host = await StartAsync(services => services
            .AddAkka("app", builder => builder.WithCatbox().WithCatboxHealthCheck(HealthStatus.Degraded))
            .AddHealthChecks());
        await host.Services.GetRequiredService<ActorSystem>().GetSandboxRunner().DisposeAsync();

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Degraded, report.Entries["catbox"].Status);
    }

    private static ISandboxRunner Runner(IHost host) => host.Services.GetRequiredService<ISandboxRunner>();

    private static async Task<IHost> StartAsync(Action<IServiceCollection> add, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
        add(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
