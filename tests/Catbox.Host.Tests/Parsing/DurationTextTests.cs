using Catbox.Host.Parsing;

namespace Catbox.Host.Tests.Parsing;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData("250ms", 250)]
    [InlineData("1m0.5s", 60_500)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("90", 90_000)]
    [InlineData("0.25", 250)]
    public void A_duration_is_understood(string text, int milliseconds) => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), DurationText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("-5s")]
    [InlineData("+5s")]
    [InlineData("s")]
    [InlineData("5x")]
    [InlineData("5S")]
    [InlineData("30m1h")]
    [InlineData("5s5s")]
    [InlineData("1..5s")]
    [InlineData("1e3s")]
    [InlineData("1,5s")]
    [InlineData("5s ")]
    [InlineData("25d")]
    [InlineData("99999999999999999999999999999999d")]
    public void What_is_no_duration_is_refused(string text) => Assert.Throws<UsageException>(() => DurationText.Parse(text));
}
