using System.Text;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>How a program ended outside of a sandbox, and what it said.</summary>
internal sealed record UnconfinedRun(int Code, byte[] OutputBytes, string Error)
{
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public UnconfinedRun Succeeded()
    {
        if (Code != 0)
        {
            Assert.Fail($"it exited with {Code} outside of a sandbox; stdout: {Output}; stderr: {Error}");
        }

        return this;
    }
}
