using System.Text;
using Catbox.Policy.Enacting;
using Catbox.Runtime.Tracing;
using Catbox.Runtime.Tracing.Slots;
using Xunit;

namespace Catbox.Runtime.Specs.Tracing;

/// <summary>The book-keeping of slots, and the small readings that it rests on.</summary>
public sealed class GuestAddressSpaceTests
{
    private const ulong Pool = 0x7f00_0000_0000;
    private const ulong Length = GuestAddressSpace.SlotsPerPool * SlotCall.Size;

    private readonly GuestAddressSpace _space = new();

    [Fact]
    public void A_pool_gives_each_of_its_slots_once_from_the_first_on()
    {
        Assert.False(_space.TryTake(out _));
        _space.Add(Pool, GuestAddressSpace.SlotsPerPool, 0);
        var taken = new List<ulong>();
        while (_space.TryTake(out var address))
        {
            taken.Add(address);
        }

        Assert.Equal(Enumerable.Range(0, GuestAddressSpace.SlotsPerPool).Select(i => Pool + (ulong)(i * SlotCall.Size)), taken);
        _space.Give(taken[3]);
        Assert.True(_space.TryTake(out var again));
        Assert.Equal(taken[3], again);
    }

    [Theory]
    [InlineData(5, 6, true)]
    [InlineData(5, 5, false)]
    [InlineData(5, 4, false)]
    public void A_fork_copies_a_pool_only_if_it_was_there_before_its_maker_last_stopped(long sealedAt, long lastStop, bool expected)
    {
        _space.Add(Pool, GuestAddressSpace.SlotsPerPool, sealedAt);
        Assert.Equal(expected, _space.CopyForFork(lastStop).TryTake(out _));
    }

    [Fact]
    public void A_copy_has_the_slots_free_that_are_in_use_in_the_original()
    {
        _space.Add(Pool, GuestAddressSpace.SlotsPerPool, 0);
        Assert.True(_space.TryTake(out var address));
        Assert.True(_space.CopyForFork(1).TryTake(out var copied));
        Assert.Equal(address, copied);
        Assert.True(_space.CopyForFork(1).CopyForFork(1).TryTake(out _));
    }

    [Theory]
    [InlineData(Pool - 4, false)]
    [InlineData(Pool - 3, true)]
    [InlineData(Pool + Length - 1, true)]
    [InlineData(Pool + Length, false)]
    public void A_range_that_touches_a_slot_is_known(ulong address, bool expected)
    {
        _space.Add(Pool, GuestAddressSpace.SlotsPerPool, 0);
        Assert.Equal(expected, _space.Overlaps(address, 4));
    }

    [Fact]
    public void Pools_grow_with_their_number_and_the_further_ones_are_wanted_at_the_lowest_addresses_one_behind_the_other()
    {
        Assert.Equal((8, 0ul), (_space.NextPool, _space.Hint));
        _space.Add(Pool, 8, 0);
        Assert.Equal((8, GuestAddressSpace.LowHint), (_space.NextPool, _space.Hint));
        _space.Add(GuestAddressSpace.LowHint + GuestAddressSpace.Margin, 8, 0);
        Assert.Equal((16, GuestAddressSpace.LowHint + Length + (2 * GuestAddressSpace.Margin)), (_space.NextPool, _space.Hint));
        _space.Add(Pool - Length - (2 * GuestAddressSpace.Margin), 300, 0);
        Assert.Equal((128, GuestAddressSpace.LowHint + Length + (2 * GuestAddressSpace.Margin)), (_space.NextPool, _space.Hint));
    }

    [Fact]
    public void A_pool_that_was_not_come_to_moves_down_once()
    {
        Assert.True(_space.TryMoveDown());
        Assert.Equal(GuestAddressSpace.LowHint, _space.Hint);
        Assert.False(_space.TryMoveDown());
    }

    [Fact]
    public void Where_the_guests_side_has_told_an_untruth_its_copies_are_not_asked_either()
    {
        _space.IsMisled = true;
        Assert.True(_space.CopyForFork(1).IsMisled);
    }

    [Theory]
    [InlineData("#!/bin/sh\n", "/bin/sh")]
    [InlineData("#! \t/bin/sh -e\nexit", "/bin/sh")]
    [InlineData("#!/bin/sh", "/bin/sh")]
    [InlineData("#!bin/sh\n", null)]
    [InlineData("#!\n", null)]
    [InlineData("\u007fELF", null)]
    public void The_first_line_of_a_script_names_its_interpreter(string beginning, string? expected)
    {
        Assert.Equal(expected is not null, ScriptInterpreter.TryParse(Encoding.ASCII.GetBytes(beginning), out var interpreter));
        if (expected is not null)
        {
            Assert.Equal(expected, Encoding.ASCII.GetString(interpreter));
        }
    }
}
