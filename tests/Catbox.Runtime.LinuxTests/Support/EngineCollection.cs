namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>Tests of one collection run one after the other and share an engine, so that they do not fight for the CPUs.</summary>
[CollectionDefinition(Name)]
public sealed class EngineCollection : ICollectionFixture<EngineFixture>
{
    public const string Name = "engine";
}
