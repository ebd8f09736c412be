namespace Catbox.Runtime.Hosting;

/// <summary>The keys of Catbox's actors in <c>ActorRegistry</c>; the actors' own classes are not public.</summary>
public static class CatboxActors
{
    /// <summary>
    /// The parent of all sandboxes. It is there to be watched (its death means that every sandbox was killed); sandboxes are started by
    /// <see cref="ISandboxRunner"/>.
    /// </summary>
    public sealed class Sandboxes
    {
        private Sandboxes()
        {
        }
    }
}
