using System.Diagnostics;
using System.Globalization;

namespace Catbox.Runtime.LinuxTests;

/// <summary>A process of the same user that is not of any session, in a session and a group of its own.</summary>
internal sealed class Outsider : IDisposable
{
    private readonly Process _process;
    private readonly string[] _before;

    public Outsider()
    {
        _process = Process.Start(new ProcessStartInfo("setsid", ["sleep", "1000"]))!;
        SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{Pid}/comm").Trim() == "sleep");
        _before = Settings();
    }

    public int Pid => _process.Id;

    public string PidText => Pid.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether it lives, and has the priority, CPUs, scheduler, limits and tracer that it had.</summary>
    public bool IsUntouched => Processes.State(Pid) is 'S' or 'R' && _before.SequenceEqual(Settings());

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private string[] Settings()
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{Pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            // proc(5) counts from 1, and two fields stand before: 18 priority, 19 nice, 40 and 41 of the scheduler.
            return
            [
                fields[15], fields[16], fields[37], fields[38],
                .. File.ReadAllLines($"/proc/{Pid}/status").Where(static l => l.StartsWith("Cpus_allowed:", StringComparison.Ordinal) || l.StartsWith("TracerPid:", StringComparison.Ordinal)),
                .. File.ReadAllLines($"/proc/{Pid}/limits"),
            ];
        }
        catch (IOException)
        {
            return []; // gone
        }
    }
}
