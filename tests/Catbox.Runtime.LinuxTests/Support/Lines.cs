using System.Text;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>Reads a guest's piped output line by line while it runs.</summary>
internal static class Lines
{
    public static async Task<string> ReadAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one).AsTask().WaitAsync(EngineFixture.Deadline) == 1 && one[0] != '\n')
        {
            line.Add(one[0]);
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    /// <summary>A line that ends with a number.</summary>
    public static async Task<int> ReadNumberAsync(Stream stream) =>
        int.Parse((await ReadAsync(stream)).Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
}
