using Catbox.Runtime.Launching;

namespace Catbox.Runtime.Diagnostics;

/// <summary>How this process was started, as far as signals go.</summary>
internal static class HostSignals
{
    /// <summary>
    /// The signals that are ignored (nohup, a background job of a shell without job control). Guests are started with them ignored too, and a host that passes
    /// signals on leaves them alone. To be asked before a handler is registered.
    /// </summary>
    /// <returns>A bit a signal; bit 0 is signal 1.</returns>
    public static ulong Ignored() => LaunchPlanner.IgnoredSignals();
}
