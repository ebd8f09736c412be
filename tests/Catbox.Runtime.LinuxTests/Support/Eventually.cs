using System.Diagnostics;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>For what the kernel gives no event: looks again until it is so, or a generous deadline has passed.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    public static async Task IsTrueAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < s_deadline, $"it never came to this: {what}");
            await Task.Delay(5);
        }
    }
}
