namespace Catbox.Policy;

public readonly partial record struct Errno
{
    private string Name => "errno " + Value;
}
