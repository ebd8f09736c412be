using System.Text;
using Catbox.Runtime.Tracing.Slots;
using Xunit;

namespace Catbox.Runtime.Specs.Tracing;

/// <summary>What smaps has to say of a range so that it is a pool.</summary>
public sealed class SmapsReaderTests
{
    private const string Plain = "7f0000000000-7f0000010000 r--p 00000000 00:00 0 ";
    private const string Flags = "rd mr mw me sl ";

    [Theory]
    [InlineData(Plain)]
    [InlineData("7f0000000000-7f0000010000 r-xp 00000000 00:00 0 ")]
    public void A_sealed_private_anonymous_mapping_for_reading_without_a_page_is_one(string range) =>
        Assert.Equal(SealProof.Holds, Look(Record(range)));

    [Theory]
    [InlineData("7effffff0000-7f0000010000 r--p 00000000 00:00 0 ")]
    [InlineData("7f0000000000-7f0000020000 r--p 00000000 00:00 0 ")]
    [InlineData("7f0000000000-7f0000008000 r--p 00000000 00:00 0 ")]
    [InlineData("7f0000000000-7f0000010000 rw-p 00000000 00:00 0 ")]
    [InlineData("7f0000000000-7f0000010000 -w-p 00000000 00:00 0 ")]
    [InlineData("7f0000000000-7f0000010000 rwxp 00000000 00:00 0 ")]
    [InlineData("7f0000000000-7f0000010000 ---p 00000000 00:00 0 ")]
    [InlineData("7f0000000000-7f0000010000 r--s 00000000 00:00 0 ")]
    [InlineData("7f0000000000-7f0000010000 r--p 00000000 00:01 7  /memfd:x (deleted)")]
    [InlineData("7f0000000000-7f0000010000 r--p 00001000 00:00 0 ")]
    [InlineData("7f0000000000-7f0000010000 r--p 00000000 00:00 0  [heap]")]
    [InlineData("7f0000000000-7f0000010000 r--p 00000000 00:00 0  [anon:x]")]
    [InlineData("7f0000001000-7f0000010000 r--p 00000000 00:00 0 ")]
    public void Any_other_mapping_is_none(string range) => Assert.Equal(SealProof.Fails, Look(Record(range)));

    [Theory]
    [InlineData("rd mr mw me ")]
    [InlineData("rd wr mr mw me sl ")]
    [InlineData("rd mr mw me dc sl ")]
    [InlineData("rd mr mw me wf sl ")]
    [InlineData("rd mr mw me um sl ")]
    [InlineData("rd mr mw me gd sl ")]
    [InlineData("rd sh mr mw me ms sl ")]
    [InlineData("rd mr mw me dp sl ")]
    [InlineData("rd mr mw me ss sl ")]
    [InlineData("rd mr mw me gu sl ")]
    [InlineData("rd mr mw me ?? sl ")]
    [InlineData("rd mr mw mesl ")]
    [InlineData("sl s")]
    [InlineData("")]
    public void Flags_that_are_not_known_to_leave_it_alone_are_a_refusal(string flags) => Assert.Equal(SealProof.Fails, Look(Record(Plain, flags: flags)));

    [Theory]
    [InlineData("rd mr mw me lo sl ")]
    [InlineData("rd ex mr mw me sd mg sl ")]
    [InlineData("rd mr mw me nh sl")]
    public void Flags_that_do_are_none(string flags) => Assert.Equal(SealProof.Holds, Look(Record(Plain, flags: flags)));

    [Theory]
    [InlineData("4 kB", "0 kB")]
    [InlineData("0 kB", "4 kB")]
    [InlineData("", "0 kB")]
    [InlineData("00 kB", "0 kB")]
    public void A_page_in_it_here_or_in_the_swap_could_be_somebody_elses(string anonymous, string swap) => Assert.Equal(SealProof.Fails, Look(Record(Plain, anonymous, swap)));

    [Theory]
    [InlineData("64 kB", "0 kB", "rd mr mw me lo sl ", true)]
    [InlineData("64 kB", "4 kB", "rd mr mw me lo sl ", false)]
    [InlineData("64 kB", "0 kB", "rd mr mw me lo ", false)]
    [InlineData("64 kB", "0 kB", "rd mr mw me sl ", false)]
    public void A_locked_one_may_have_been_filled_by_the_kernel(string anonymous, string swap, string flags, bool expected) =>
        Assert.Equal(expected ? SealProof.Filled : SealProof.Fails, Look(Record(Plain, anonymous, swap, flags)));

    [Fact]
    public void What_lies_before_it_does_not_count_and_what_it_does_not_say_is_not_taken_from_the_next()
    {
        var before = Record("7e0000000000-7f0000000000 rw-p 00000000 00:00 0 ", "400 kB", "4 kB", "rd wr mr mw me ac ");
        Assert.Equal(SealProof.Holds, Look(before + Record(Plain)));
        Assert.Equal(SealProof.NotSeen, Look(before));
        var cut = Plain + "\nAnonymous:             0 kB\nSwap:                  0 kB\n";
        Assert.Equal(SealProof.NotSeen, Look(cut));
        Assert.Equal(SealProof.Fails, Look(cut + Record("7f0000010000-7f0000020000 r--p 00000000 00:00 0 ")));
        Assert.Equal(SealProof.Fails, Look("garbage\n" + Record(Plain)));
    }

    private static string Record(string range, string anonymous = "0 kB", string swap = "0 kB", string flags = Flags) =>
        $"{range}\nSize:                 64 kB\nRss:                   0 kB\nAnonymous:             {anonymous}\nAnonHugePages:         4 kB\n"
        + $"Swap:                  {swap}\nSwapPss:               1 kB\nTHPeligible:           0\nVmFlags: {flags}\n";

    private static SealProof Look(string text)
    {
        var reader = new SmapsReader(0x7f00_0000_0000, 0x10000);
        foreach (var line in text.Split('\n')[..^1])
        {
            if (!reader.Take(Encoding.ASCII.GetBytes(line)))
            {
                break;
            }
        }

        return reader.Result;
    }
}
