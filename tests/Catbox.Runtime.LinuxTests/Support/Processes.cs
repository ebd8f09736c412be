using System.Globalization;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>What /proc tells of a process.</summary>
internal static class Processes
{
    /// <summary>Whether it exists and is not a zombie.</summary>
    public static bool IsAlive(int pid) => State(pid) is not (null or 'Z' or 'X');

    /// <summary>Its state as one letter (proc(5), <c>stat</c>), or null where there is none.</summary>
    public static char? State(int pid) => Fields(pid) is { } fields ? fields[0][0] : null;

    /// <summary>The children of this process (zombies too).</summary>
    public static HashSet<int> OwnChildren()
    {
        var children = new HashSet<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid)
                && Fields(pid) is { } fields && fields[1] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            {
                children.Add(pid);
            }
        }

        return children;
    }

    // The fields after the name, which may contain anything: state, parent, …
    private static string[]? Fields(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // not there, or gone while it was read
        }
    }
}
