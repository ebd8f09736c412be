namespace Catbox.Runtime.Tracing.Behalf;

/// <summary>Whether a judged object could be got hold of.</summary>
internal enum PinState : byte
{
    /// <summary>Its descriptor is held.</summary>
    Pinned = 0,
    /// <summary>Something else is there now.</summary>
    Moved,
    /// <summary>The guest's own look-up would fail, or the tracer's does.</summary>
    Fails,
}
