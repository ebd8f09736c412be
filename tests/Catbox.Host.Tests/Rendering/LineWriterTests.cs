using Catbox.Host.Rendering;

namespace Catbox.Host.Tests.Rendering;

public sealed class LineWriterTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void Lines_are_written_in_their_order()
    {
        var written = new List<byte>();
        var writer = new LineWriter(line => written.AddRange(line));
        writer.Write([1]);
        writer.Write([2, 3]);
        Assert.True(writer.Finish(Timeout.InfiniteTimeSpan));
        Assert.Equal([1, 2, 3], written);
    }

    [Fact]
    public void Nobody_waits_for_what_is_not_taken()
    {
        var isTaken = new ManualResetEventSlim(); // Never disposed of: the thread is still at it.
        var writer = new LineWriter(_ => isTaken.Wait());
        writer.Write([1]);
        writer.Write([2]);
        Assert.False(writer.Finish(Short));
        isTaken.Set();
    }

    [Fact]
    public void Nothing_is_waited_for_where_nothing_was_written() => Assert.True(new LineWriter(static _ => { }).Finish(Short));
}
