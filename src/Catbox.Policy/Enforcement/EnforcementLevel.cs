namespace Catbox.Policy.Enforcement;

/// <summary>What holds a rule against a guest that fights it. The higher the stronger.</summary>
public enum EnforcementLevel : byte
{
    /// <summary>It is judged, and a race is possible: what was judged may be changed before the kernel reads it again.</summary>
    Advisory = 0,
    /// <summary>The tracer holds it, and nothing is read twice.</summary>
    TracerEnforced = 1,
    /// <summary>The kernel holds it, whether the tracer looks or not: Landlock, or the filter from registers alone.</summary>
    KernelEnforced = 2,
}
