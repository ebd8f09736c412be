namespace Catbox.Host.Commands;

/// <summary>What stands after a command's options.</summary>
internal enum OperandKind
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>Operands, with options between them if one likes.</summary>
    Many,
    /// <summary>A program and its arguments: the first operand ends our options.</summary>
    Command,
}
