using Catbox.Host.Parsing;
using Catbox.Runtime;

namespace Catbox.Host.Tests.Parsing;

public sealed class RawArgumentsTests
{
    private static byte[] Unread() => throw new InvalidOperationException("it was read");

    [Fact]
    public void Arguments_in_UTF8_need_no_second_look() =>
        Assert.Equal([GuestString.FromString("echo"), GuestString.FromString("grüße")], RawArguments.Of(["echo", "grüße"], Unread));

    [Fact]
    public void A_byte_that_is_not_UTF8_is_read_again()
    {
        var raw = RawArguments.Of(["run", "a\uFFFDb"], () => [.. "catbox\0run\0a"u8, 0xff, .. "b\0"u8]);
        Assert.Equal([(byte)'a', 0xff, (byte)'b'], raw[1].Bytes.ToArray());
    }

    [Fact]
    public void Arguments_are_matched_from_the_end()
    {
        var raw = RawArguments.Of(["\uFFFD"], () => [.. "dotnet\0catbox.dll\0"u8, 0xfe, 0]);
        Assert.Equal([0xfe], raw[0].Bytes.ToArray());
    }

    [Fact]
    public void An_empty_argument_keeps_its_place()
    {
        var raw = RawArguments.Of(["", "\uFFFD", ""], () => [.. "catbox\0\0"u8, 0xff, 0, 0]);
        Assert.Equal([0, 1, 0], raw.Select(static r => r.Bytes.Length));
    }

    [Fact]
    public void How_many_replacement_characters_stand_for_a_bad_sequence_does_not_matter()
    {
        var raw = RawArguments.Of(["\uFFFDx"], () => [0xed, 0xa0, 0x80, (byte)'x', 0]);
        Assert.Equal([0xed, 0xa0, 0x80, (byte)'x'], raw[0].Bytes.ToArray());
    }

    [Fact]
    public void A_genuine_replacement_character_is_kept()
    {
        var raw = RawArguments.Of(["\uFFFD"], () => [.. "catbox\0\uFFFD\0"u8]);
        Assert.Equal("\uFFFD"u8.ToArray(), raw[0].Bytes.ToArray());
    }

    [Fact]
    public void A_command_line_that_shows_something_else_is_not_believed() =>
        Assert.Throws<UsageException>(() => RawArguments.Of(["a", "\uFFFD"], () => [.. "renamed: worker\0"u8]));

    [Fact]
    public void Without_proc_the_error_says_so()
    {
        var e = Assert.Throws<UsageException>(() => RawArguments.Of(["\uFFFD"], () => throw new FileNotFoundException("no such file")));
        Assert.Contains("/proc/self/cmdline", e.Message, StringComparison.Ordinal);
    }
}
