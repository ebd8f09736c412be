using Akka.Actor;
using Akka.DependencyInjection;
using Akka.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Catbox.Runtime.Hosting;

/// <summary>Catbox for an actor system that is made with Akka.Hosting.</summary>
public static class CatboxAkkaHostingExtensions
{
    /// <summary>The name of the health check.</summary>
    public const string HealthCheckName = "catbox";

    private static readonly TimeSpan HealthCheckTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Runs sandboxes in this actor system.</summary>
    /// <param name="builder">The system's builder.</param>
    /// <param name="tracerLoops">See <see cref="CatboxOptions.TracerLoops"/>.</param>
    /// <param name="maxConcurrentSandboxes">See <see cref="CatboxOptions.MaxConcurrentSandboxes"/>.</param>
    /// <inheritdoc cref="WithCatbox(AkkaConfigurationBuilder, CatboxOptions)"/>
    public static AkkaConfigurationBuilder WithCatbox(
        this AkkaConfigurationBuilder builder, int tracerLoops = 1, int? maxConcurrentSandboxes = null) =>
        builder.WithCatbox(new CatboxOptions { TracerLoops = tracerLoops, MaxConcurrentSandboxes = maxConcurrentSandboxes });

    /// <summary>Runs sandboxes in this actor system.</summary>
    /// <param name="builder">The system's builder.</param>
    /// <param name="configure">Changes the default options.</param>
    /// <inheritdoc cref="WithCatbox(AkkaConfigurationBuilder, CatboxOptions)"/>
    public static AkkaConfigurationBuilder WithCatbox(this AkkaConfigurationBuilder builder, Action<CatboxOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new CatboxOptions();
        configure(options);
        return builder.WithCatbox(options);
    }

    /// <summary>
    /// Runs sandboxes in this actor system. The runner is <see cref="GetSandboxRunner"/> of the system, and the <see cref="ISandboxRunner"/> of the
    /// container where <see cref="CatboxServiceCollectionExtensions.AddCatbox"/> was called too (a builder of Akka.Hosting comes too late to register
    /// services). The parent of all sandboxes is registered as <see cref="CatboxActors.Sandboxes"/>. They are killed in the phase
    /// <c>service-stop</c> of the coordinated shutdown.
    /// </summary>
    /// <param name="builder">The system's builder.</param>
    /// <param name="options">The options; they count before those of the container.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    /// <exception cref="InvalidOperationException">At the start of the system, where this was called twice for it.</exception>
    public static AkkaConfigurationBuilder WithCatbox(this AkkaConfigurationBuilder builder, CatboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        return builder
            .AddSetup(new CatboxSetup(options))
            .AddStartup(static async (system, registry) =>
            {
                var loggers = DependencyResolver.For(system).Resolver.GetService<ILoggerFactory>();
                var sandboxes = await CatboxExtension.Of(system, loggers: loggers).Runner.SandboxesAsync().ConfigureAwait(false);
                if (!registry.TryRegister<CatboxActors.Sandboxes>(sandboxes))
                {
                    throw new InvalidOperationException("WithCatbox was called twice for this actor system; its options are those of one call");
                }
            });
    }

    /// <summary>
    /// Adds the health check <see cref="HealthCheckName"/>: every tracer loop answers within five seconds, and this machine still allows what the engine
    /// needs (<see cref="Diagnostics.MachineReport"/>).
    /// </summary>
    /// <param name="builder">The system's builder.</param>
    /// <param name="failureStatus">What a failure counts as.</param>
    /// <param name="tags">Its tags; <c>ready</c> and <c>catbox</c> when null.</param>
    /// <returns>The builder.</returns>
    public static AkkaConfigurationBuilder WithCatboxHealthCheck(
        this AkkaConfigurationBuilder builder, HealthStatus failureStatus = HealthStatus.Unhealthy, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithHealthCheck(HealthCheckName, new CatboxHealthCheck(), failureStatus, tags ?? ["ready", "catbox"], HealthCheckTimeout);
    }

    /// <summary>The runner of an actor system: that of <c>WithCatbox</c>, or one with default options that is made now. It goes with the system.</summary>
    public static ISandboxRunner GetSandboxRunner(this ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return CatboxExtension.Of(system).Runner;
    }
}
