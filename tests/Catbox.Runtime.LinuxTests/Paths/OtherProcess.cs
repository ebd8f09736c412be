using System.Diagnostics;

namespace Catbox.Runtime.LinuxTests.Paths;

/// <summary>A process that is not the tracer, with a working directory and descriptors of its own: a shell that waits for its input to end.</summary>
internal sealed class OtherProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="directory">Where it stands.</param>
    /// <param name="redirections">Shell text such as <c>5&lt;/etc/passwd</c>, in force while it waits.</param>
    public OtherProcess(string directory, string redirections = "")
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec {(redirections.Length == 0 ? "9</dev/null" : redirections)}; echo ready; read line");
        _process = Process.Start(start)!;
        // Only after this line are the descriptors in place.
        if (_process.StandardOutput.ReadLine() != "ready")
        {
            throw new InvalidOperationException("the other process did not start");
        }
    }

    public int Pid => _process.Id;

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
