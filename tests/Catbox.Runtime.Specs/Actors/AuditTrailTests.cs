using Catbox.Runtime.Auditing;
using CsCheck;
using Xunit;

namespace Catbox.Runtime.Specs.Actors;

/// <summary>The trail's wake-up: a reader that sleeps is woken by the next item, whatever the writers do meanwhile.</summary>
public sealed class AuditTrailTests
{
    [Fact]
    public void No_item_of_any_number_of_writers_is_slept_over() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 300]).Sample(
            (writers, each) => Drain(writers, each) == writers * each,
            iter: 200);

    [Fact]
    public void A_reader_that_sleeps_is_woken_once_for_many_items()
    {
        var trail = new AuditTrail();
        var woken = 0;
        trail.WakeBy(() => woken++);
        Assert.True(trail.TrySleep());

        trail.Add(new AuditItem { Stranger = 1 });
        trail.Add(new AuditItem { Stranger = 2 });

        Assert.Equal(1, woken);
    }

    [Fact]
    public void A_reader_that_sleeps_again_is_woken_again()
    {
        var trail = new AuditTrail();
        var woken = 0;
        trail.WakeBy(() => woken++);
        trail.Add(new AuditItem { Stranger = 1 });
        Assert.True(trail.Items.TryRead(out _));
        Assert.True(trail.TrySleep());

        trail.Add(new AuditItem { Stranger = 2 });

        Assert.Equal(2, woken);
    }

    [Fact]
    public void What_came_before_there_was_a_reader_wakes_it_when_it_comes()
    {
        var trail = new AuditTrail();
        trail.Add(new AuditItem { Stranger = 1 });
        var woken = 0;

        trail.WakeBy(() => woken++);

        Assert.Equal(1, woken);
    }

    [Fact]
    public void Nobody_falls_asleep_over_an_item()
    {
        var trail = new AuditTrail();
        trail.WakeBy(() => { });
        trail.Add(new AuditItem { Stranger = 1 });

        Assert.False(trail.TrySleep());
    }

    /// <summary>A reader that reads only when it is woken, as the auditor does without its timer.</summary>
    private static int Drain(int writers, int each)
    {
        var trail = new AuditTrail();
        using var bell = new SemaphoreSlim(0);
        trail.WakeBy(() => bell.Release());
        var threads = Enumerable.Range(0, writers).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < each; i++)
            {
                trail.Add(new AuditItem { Stranger = 1 });
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());

        var read = 0;
        while (read < writers * each)
        {
            // Nobody rings any more when an item was slept over: then this gives up, and the count tells.
            if (!bell.Wait(TimeSpan.FromSeconds(20)))
            {
                break;
            }

            do
            {
                while (trail.Items.TryRead(out _))
                {
                    read++;
                }
            }
            while (!trail.TrySleep());
        }

        threads.ForEach(thread => thread.Join());
        return read;
    }
}
