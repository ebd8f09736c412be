using System.CommandLine;
using Catbox.Runtime;

namespace Catbox.Host.Parsing;

/// <summary>The values of options as the bytes that stand on the command line.</summary>
/// <param name="values">Where they stand.</param>
/// <param name="raw">The arguments.</param>
internal sealed class OptionBytes(IReadOnlyList<OptionValue> values, IReadOnlyList<GuestString> raw)
{
    /// <summary>All values of an option, in their order.</summary>
    public IEnumerable<GuestString> All(Option option) =>
        values.Where(v => v.Option == option.Name).Select(v => new GuestString(raw[v.Index].Bytes[v.Offset..]));

    /// <summary>The value of an option that is given once; null where it is not given.</summary>
    public GuestString? Last(Option option) => All(option).Select(static v => (GuestString?)v).LastOrDefault();

    /// <summary>The arguments in which values of these options stand.</summary>
    public IEnumerable<int> Of(IEnumerable<Option> options) => values.Where(v => options.Any(o => o.Name == v.Option)).Select(static v => v.Index);
}
