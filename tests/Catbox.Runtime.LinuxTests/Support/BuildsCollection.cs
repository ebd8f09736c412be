namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>Real builds: long, and mostly on one CPU; they run beside the others, on an engine of their own.</summary>
[CollectionDefinition(Name)]
public sealed class BuildsCollection : ICollectionFixture<EngineFixture>
{
    public const string Name = "builds";
}
