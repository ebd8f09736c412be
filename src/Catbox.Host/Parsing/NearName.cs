namespace Catbox.Host.Parsing;

/// <summary>What somebody may have meant who wrote a name that there is not.</summary>
internal static class NearName
{
    /// <summary>The one name that begins so, or else the one that the fewest slips make of it (a letter too many, too few, wrong, or two exchanged).</summary>
    /// <returns>Null where none is near, or several are equally.</returns>
    public static string? Of(string given, IEnumerable<string> names)
    {
        var all = names.Distinct().ToList();
        if (given.TrimStart('-').Length < 2)
        {
            return null;
        }

        if (all.Where(n => n.StartsWith(given, StringComparison.Ordinal)).ToList() is [var only])
        {
            return only;
        }

        var allowed = given.TrimStart('-').Length < 5 ? 1 : 2;
        var nearest = all.Select(n => (Name: n, Slips: Slips(given, n))).Where(n => n.Slips <= allowed).OrderBy(static n => n.Slips).ToList();
        return nearest.Count > 0 && (nearest.Count == 1 || nearest[0].Slips < nearest[1].Slips) ? nearest[0].Name : null;
    }

    private static int Slips(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 ? j : j == 0 ? i
                    : Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
