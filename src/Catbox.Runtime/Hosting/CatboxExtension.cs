using Akka;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Catbox.Runtime.Hosting;

/// <summary>Catbox in an actor system: one runner, made at the first call, which goes with the system.</summary>
internal sealed class CatboxExtension : IExtension
{
    private CatboxExtension(ExtendedActorSystem system, CatboxOptions options, ILoggerFactory? loggers)
    {
        Runner = new HostedSandboxRunner(options, system, loggers);

        // Before the actors are stopped one by one: guests end first. A host that dies without it is what PTRACE_O_EXITKILL is for.
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "catbox-stop-sandboxes", async () =>
        {
            await Runner.DisposeAsync().ConfigureAwait(false);
            return Done.Instance;
        });
    }

    public HostedSandboxRunner Runner { get; }

    /// <summary>The extension of a system.</summary>
    /// <param name="system">The system.</param>
    /// <param name="options">What it is made with where it is not there yet, unless <c>WithCatbox</c> has given options to the system.</param>
    /// <param name="loggers">Where its diagnostics go, where it is made now.</param>
    public static CatboxExtension Of(ActorSystem system, CatboxOptions? options = null, ILoggerFactory? loggers = null) =>
        (CatboxExtension)system.RegisterExtension(new Provider(options, loggers));

    private sealed class Provider(CatboxOptions? options, ILoggerFactory? loggers) : ExtensionIdProvider<CatboxExtension>
    {
        public override CatboxExtension CreateExtension(ExtendedActorSystem system)
        {
            var setup = system.Settings.Setup.Get<CatboxSetup>();
            return new CatboxExtension(system, setup.HasValue ? setup.Value.Options : options ?? new CatboxOptions(), loggers);
        }
    }
}
