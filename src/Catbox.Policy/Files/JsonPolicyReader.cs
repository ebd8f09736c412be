using System.Text;
using System.Text.Json;

namespace Catbox.Policy.Files;

/// <summary>JSON as nodes with lines.</summary>
internal ref struct JsonPolicyReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _file;
    private Utf8JsonReader _reader;
    private int _counted;
    private int _line;

    private JsonPolicyReader(ReadOnlySpan<byte> bytes, string file)
    {
        _bytes = bytes;
        _file = file;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 16 });
        _line = 1;
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="PolicyException">It is not valid JSON, or not an object.</exception>
    public static TableNode Read(string text, string file)
    {
        var reader = new JsonPolicyReader(Encoding.UTF8.GetBytes(text), file);
        try
        {
            reader._reader.Read();
            var root = reader.Value();
            // What follows the object is an error too, and only found by reading on.
            reader._reader.Read();
            return root as TableNode ?? throw new PolicyException($"a policy is an object, not {root.Kind}", file, root.Line);
        }
        catch (JsonException e)
        {
            var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            throw new PolicyException("not valid JSON: " + (end < 0 ? e.Message : e.Message[..end]), file, (int)(e.LineNumber ?? 0) + 1);
        }
    }

    private PolicyNode Value()
    {
        var line = Line();
        switch (_reader.TokenType)
        {
            case JsonTokenType.String:
                return new TextNode(Text(line), line);
            case JsonTokenType.True or JsonTokenType.False:
                return new BooleanNode(_reader.GetBoolean(), line);
            case JsonTokenType.Number:
                return _reader.TryGetInt64(out var number) ? new IntegerNode(number, line) : new OtherNode("a number that is no integer", line);
            case JsonTokenType.StartArray:
                var items = new List<PolicyNode>();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value());
                }

                return new ListNode(items, line);
            case JsonTokenType.StartObject:
                return Table(line);
            default:
                return new OtherNode("null", line);
        }
    }

    private TableNode Table(int line)
    {
        var table = new TableNode([], line);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var keyLine = Line();
            var key = Text(keyLine);
            if (table.Entries.Exists(entry => entry.Key == key))
            {
                throw new PolicyException($"the key \"{key}\" is given twice", _file, keyLine);
            }

            _reader.Read();
            table.Entries.Add(new PolicyEntry(key, keyLine, Value()));
        }

        return table;
    }

    private readonly string Text(int line)
    {
        try
        {
            return _reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            throw new PolicyException("a string contains half of a surrogate pair", _file, line);
        }
    }

    /// <summary>The line of the token at hand; counted on from the one before.</summary>
    private int Line()
    {
        var start = (int)_reader.TokenStartIndex;
        _line += _bytes[_counted..start].Count((byte)'\n');
        _counted = start;
        return _line;
    }
}
