using System.Globalization;
using Catbox.Runtime;

namespace Catbox.Host.Rendering;

/// <summary>What <c>--stats</c> tells.</summary>
internal static class Statistics
{
    /// <summary>The lines.</summary>
    public static IEnumerable<string> Of(SandboxResult result)
    {
        var stops = result.Stops;
        yield return Text($"{result.WallTime.TotalSeconds:F3} s wall, {result.UserTime.TotalSeconds:F3} s user, {result.SystemTime.TotalSeconds:F3} s system, peak {result.PeakMemory / 1024:N0} KiB");
        yield return Text($"{result.Processes.Length:N0} processes, {result.ViolationCount:N0} violations, {stops.Total:N0} stops");
        yield return Text($"stops: {stops.Seccomp:N0} seccomp, {stops.Fork:N0} fork, {stops.Exec:N0} exec, {stops.ChildStart:N0} child start, {stops.Signal:N0} signal, {stops.Group:N0} group, {stops.Other:N0} other");
        foreach (var (call, count) in stops.BySyscall.OrderByDescending(static p => p.Value).ThenBy(static p => p.Key, StringComparer.Ordinal))
        {
            yield return Text($"  {count,12:N0} {call}");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
