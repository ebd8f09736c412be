using Akka.Actor;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catbox.Runtime.Hosting;

/// <summary>Catbox for a container.</summary>
public static class CatboxServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="ISandboxRunner"/>, one a container. It joins the actor system that the container has (<c>AddAkka</c>), and makes one of its own
    /// where there is none. Sandboxes that still run are killed when the host stops.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="configure">Changes what the configuration's section <see cref="CatboxOptions.SectionName"/> says, or null. Where the actor system
    /// was given options by <c>WithCatbox</c>, those count.</param>
    /// <returns>The container. A second call adds its <paramref name="configure"/> and nothing else.</returns>
    /// <exception cref="OptionsValidationException">At the start of the host, where an option is out of its bounds or not known.</exception>
    public static IServiceCollection AddCatbox(this IServiceCollection services, Action<CatboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.All(static service => service.ServiceType != typeof(CatboxOptionsSetup)))
        {
            services.AddSingleton(static provider => new CatboxOptionsSetup(provider.GetService<IConfiguration>()));
            services.AddSingleton<IConfigureOptions<CatboxOptions>>(static provider => provider.GetRequiredService<CatboxOptionsSetup>());
            services.AddSingleton<IValidateOptions<CatboxOptions>>(static provider => provider.GetRequiredService<CatboxOptionsSetup>());
            services.AddHostedService<CatboxHostedService>();
        }

        var options = services.AddOptions<CatboxOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton<ISandboxRunner>(static provider =>
        {
            var options = provider.GetRequiredService<IOptions<CatboxOptions>>().Value;
            var loggers = provider.GetService<ILoggerFactory>();
            return provider.GetService<ActorSystem>() is { } system
                ? CatboxExtension.Of(system, options, loggers).Runner
                : new HostedSandboxRunner(options, null, loggers);
        });
        return services;
    }
}
