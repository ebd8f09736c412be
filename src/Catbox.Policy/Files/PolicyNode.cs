namespace Catbox.Policy.Files;

/// <summary>A value in a policy file with the line it is on (from 1), the same for TOML and JSON.</summary>
internal abstract record PolicyNode(int Line)
{
    /// <summary>What it is, for messages: <c>a string</c>.</summary>
    public abstract string Kind { get; }
}

internal sealed record TextNode(string Value, int Line) : PolicyNode(Line)
{
    public override string Kind => "a string";
}

internal sealed record BooleanNode(bool Value, int Line) : PolicyNode(Line)
{
    public override string Kind => "a boolean";
}

internal sealed record IntegerNode(long Value, int Line) : PolicyNode(Line)
{
    public override string Kind => "an integer";
}

internal sealed record ListNode(IReadOnlyList<PolicyNode> Items, int Line) : PolicyNode(Line)
{
    public override string Kind => "a list";
}

internal sealed record TableNode(List<PolicyEntry> Entries, int Line) : PolicyNode(Line)
{
    public override string Kind => "a table";
}

/// <summary>A value that no key takes: a float, a date, null.</summary>
internal sealed record OtherNode(string Name, int Line) : PolicyNode(Line)
{
    public override string Kind => Name;
}

/// <summary>A key and its value.</summary>
internal sealed record PolicyEntry(string Key, int Line, PolicyNode Value);
