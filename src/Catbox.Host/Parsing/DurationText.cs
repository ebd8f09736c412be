using System.Buffers;
using System.Globalization;

namespace Catbox.Host.Parsing;

/// <summary>Durations as people write them: <c>10s</c>, <c>5m</c>, <c>1h30m</c>, <c>250ms</c>, <c>1.5h</c>, <c>2d</c>; a bare number is seconds, as in timeout(1).</summary>
internal static class DurationText
{
    private const string Expected = "a time like 10s, 5m, 1h30m or 250ms";

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Parses one; it is more than nothing.</summary>
    /// <exception cref="UsageException">It is not a duration, zero, or longer than a timer can be (24 days).</exception>
    public static TimeSpan Parse(string text)
    {
        var seconds = decimal.Zero;
        var rest = text.AsSpan();
        if (decimal.TryParse(rest, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var bare))
        {
            seconds = bare;
            rest = default;
        }

        var lastUnit = decimal.MaxValue;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                throw Bad(text);
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny(NumberCharacters);
            letters = letters < 0 ? rest.Length : letters;
            var unit = rest[..letters] switch
            {
                "ms" => 0.001m,
                "s" => 1m,
                "m" => 60m,
                "h" => 3600m,
                "d" => 86400m,
                _ => throw Bad(text),
            };
            if (unit >= lastUnit || number > 100_000_000)
            {
                throw Bad(text);
            }

            lastUnit = unit;
            seconds += number * unit;
            rest = rest[letters..];
        }

        return seconds switch
        {
            <= 0 => throw new UsageException($"'{text}' is no time at all; expected {Expected}"),
            > int.MaxValue / 1000 => throw new UsageException($"'{text}' is longer than 24 days"),
            _ => TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)),
        };
    }

    private static UsageException Bad(string text) => new($"'{text}' is not {Expected}");
}
