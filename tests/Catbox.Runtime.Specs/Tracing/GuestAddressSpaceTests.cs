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

    private readonly GuestAddressSpace _space = new();

    [Fact]
    public void A_pool_gives_each_of_its_slots_once_from_the_first_on()
    {
        Assert.False(_space.TryTake(out _));
        _space.Add(Pool, 0);
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
        _space.Add(Pool, sealedAt);
        Assert.Equal(expected, _space.CopyForFork(lastStop).TryTake(out _));
    }

    [Fact]
    public void A_copy_has_the_slots_free_that_are_in_use_in_the_original()
    {
        _space.Add(Pool, 0);
        Assert.True(_space.TryTake(out var address));
        Assert.True(_space.CopyForFork(1).TryTake(out var copied));
        Assert.Equal(address, copied);
        Assert.True(_space.CopyForFork(1).CopyForFork(1).TryTake(out _));
    }

    [Theory]
    [InlineData("7f0000000000-7f0000010000 r--p 00000000 00:00 0 ", true)]
    [InlineData("7effffff0000-7f0000020000 r--p 00000000 00:00 0 ", true)]
    [InlineData("7f0000000000-7f0000008000 r--p 00000000 00:00 0 ", false)]
    [InlineData("7f0000000000-7f0000010000 rw-p 00000000 00:00 0 ", false)]
    [InlineData("7f0000000000-7f0000010000 r--s 00000000 00:00 0 ", false)]
    [InlineData("7f0000000000-7f0000010000 r--p 00000000 00:01 7  /memfd:x (deleted)", false)]
    [InlineData("7f0000000000-7f0000010000 r--p 00000000 00:00 0  [heap]", false)]
    public void Only_a_private_anonymous_mapping_that_cannot_be_written_is_a_pool(string line, bool isPlain)
    {
        Assert.True(MemoryMap.Covers(Encoding.ASCII.GetBytes(line), Pool, GuestAddressSpace.PoolSize, out var found));
        Assert.Equal(isPlain, found);
    }

    [Fact]
    public void Other_lines_are_passed_over() =>
        Assert.False(MemoryMap.Covers("7e0000000000-7f0000000000 r--p 00000000 00:00 0 "u8, Pool, 4096, out _));

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
