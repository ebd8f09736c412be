using Akka.Actor.Setup;

namespace Catbox.Runtime.Hosting;

/// <summary>Carries the options of <c>WithCatbox</c> into the actor system, where whoever asks first for its runner finds them.</summary>
internal sealed class CatboxSetup(CatboxOptions options) : Setup
{
    public CatboxOptions Options { get; } = options;
}
