namespace Catbox.Host.Commands;

/// <summary>A titled part of a help text.</summary>
/// <param name="Title">The title, without a colon.</param>
/// <param name="Lines">Its lines, each at most 76 characters; they are indented by two.</param>
internal sealed record HelpSection(string Title, IReadOnlyList<string> Lines);
