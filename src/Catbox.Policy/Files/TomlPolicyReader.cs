using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Catbox.Policy.Files;

/// <summary>TOML as nodes with lines. Walks the syntax tree, so nothing is bound by reflection.</summary>
internal static class TomlPolicyReader
{
    /// <summary>Reads a whole file.</summary>
    /// <exception cref="PolicyException">It is not valid TOML.</exception>
    public static TableNode Read(string text, string file)
    {
        var document = SyntaxParser.Parse(text, file, validate: true);
        if (document.HasErrors)
        {
            var first = document.Diagnostics.First(message => message.Kind == DiagnosticMessageKind.Error);
            throw new PolicyException("not valid TOML: " + first.Message, file, first.Span.Start.Line + 1);
        }

        var root = new TableNode([], 1);
        foreach (var pair in document.KeyValues)
        {
            root.Entries.Add(Entry(pair));
        }

        foreach (var table in document.Tables)
        {
            var node = new TableNode([.. table.Items.Select(Entry)], Line(table));
            var key = Name(table.Name!);
            if (table is not TableArraySyntax)
            {
                root.Entries.Add(new PolicyEntry(key, node.Line, node));
            }
            else if (root.Entries.Find(entry => entry.Key == key && entry.Value is ListNode) is { } list)
            {
                ((List<PolicyNode>)((ListNode)list.Value).Items).Add(node);
            }
            else
            {
                root.Entries.Add(new PolicyEntry(key, node.Line, new ListNode(new List<PolicyNode> { node }, node.Line)));
            }
        }

        return root;
    }

    private static PolicyEntry Entry(KeyValueSyntax pair) => new(Name(pair.Key!), Line(pair), Value(pair.Value!));

    private static PolicyNode Value(ValueSyntax value) => value switch
    {
        StringValueSyntax text => new TextNode(text.Value ?? "", Line(value)),
        BooleanValueSyntax boolean => new BooleanNode(boolean.Value, Line(value)),
        IntegerValueSyntax integer => new IntegerNode(integer.Value, Line(value)),
        ArraySyntax array => new ListNode([.. array.Items.Select(item => Value(item.Value!))], Line(value)),
        InlineTableSyntax table => new TableNode([.. table.Items.Select(item => Entry(item.KeyValue!))], Line(value)),
        FloatValueSyntax => new OtherNode("a float", Line(value)),
        _ => new OtherNode("a date", Line(value)),
    };

    /// <summary>A key without its quotes; a dotted one with its dots, which no key of ours has.</summary>
    private static string Name(KeySyntax key)
        => string.Join('.', new[] { Name(key.Key!) }.Concat(key.DotKeys.Select(item => Name(item.Key!))));

    private static string Name(BareKeyOrStringValueSyntax key) => key switch
    {
        StringValueSyntax text => text.Value ?? "",
        _ => key.ToString().Trim(),
    };

    private static int Line(SyntaxNode node) => node.Span.Start.Line + 1;
}
