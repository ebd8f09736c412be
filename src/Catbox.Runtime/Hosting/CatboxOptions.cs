namespace Catbox.Runtime.Hosting;

/// <summary>
/// How the engine is set up in a host; from the configuration section <see cref="SectionName"/> or in code. Fixed once the first sandbox was asked for.
/// What a single run may do is its <see cref="SandboxSpec"/>.
/// </summary>
public sealed class CatboxOptions
{
    /// <summary>The section of the configuration that is read: <c>"Catbox": { "TracerLoops": 2, "MaxConcurrentSandboxes": 64 }</c>.</summary>
    public const string SectionName = "Catbox";

    /// <summary>Tracer threads, 1 to <see cref="MaxTracerLoops"/>; a sandbox lives on one of them. More than there are CPUs gain nothing.</summary>
    public int TracerLoops { get; set; } = 1;

    /// <summary>At most so many sandboxes at once, 1 or more; a further <see cref="ISandboxRunner.StartAsync"/> waits for a place. No limit when null.</summary>
    public int? MaxConcurrentSandboxes { get; set; }

    /// <summary>The largest <see cref="TracerLoops"/>: as many CPUs as the kernel can be built for (CONFIG_NR_CPUS).</summary>
    public const int MaxTracerLoops = 8192;

    /// <summary>What is wrong, one sentence a mistake; none when all is well.</summary>
    internal IEnumerable<string> Mistakes()
    {
        if (TracerLoops is < 1 or > MaxTracerLoops)
        {
            yield return $"{SectionName}:{nameof(TracerLoops)} is {TracerLoops}; it must be 1 to {MaxTracerLoops}";
        }

        if (MaxConcurrentSandboxes < 1)
        {
            yield return $"{SectionName}:{nameof(MaxConcurrentSandboxes)} is {MaxConcurrentSandboxes}; it must be 1 or more, or absent for no limit";
        }
    }

    /// <summary>Throws when something is wrong.</summary>
    /// <exception cref="ArgumentException">Says what, all of it.</exception>
    internal void ThrowIfInvalid()
    {
        var mistakes = string.Join("; ", Mistakes());
        if (mistakes.Length > 0)
        {
            throw new ArgumentException(mistakes);
        }
    }
}
