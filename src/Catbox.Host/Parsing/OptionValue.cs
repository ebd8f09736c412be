namespace Catbox.Host.Parsing;

/// <summary>Where the value of an option stands on the command line.</summary>
/// <param name="Option">The option's long name, with its dashes.</param>
/// <param name="Index">The argument, as given.</param>
/// <param name="Offset">Where the value begins in it. What stands before is the option's own spelling, which is ASCII: as many bytes as characters.</param>
internal readonly record struct OptionValue(string Option, int Index, int Offset);
