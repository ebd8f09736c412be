using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Xunit;

namespace Catbox.Runtime.Specs.Architecture;

/// <summary>A row's name is for people and for the joining of tables. What a call is, its other columns say: nothing else may ask a row what it is called.</summary>
public sealed class RowNameTests
{
    /// <summary>Method by method: who tells people of a call, and who looks a row up by the name that another table knows it by.</summary>
    private static readonly string[] s_askers =
    [
        // What a person reads.
        "ProcessActor.FollowsAdvice", "ProcessActor.QuestionOf", "ProcessActor.Record",
        "SessionActor.Counts",
        "FilterDecisions.AsItsRow",

        // Tables are joined by it, once.
        "SyscallTable.Named",
        "FilterDecisions.Of",
        "KernelOrders.Of",
    ];

    [Fact]
    public void Nobody_asks_a_row_for_its_name_but_reports_and_tables_that_are_joined_by_it()
    {
        var askers = new[] { typeof(SandboxPolicy).Assembly, typeof(SandboxSpec).Assembly }.SelectMany(Askers).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(s_askers.Order(StringComparer.Ordinal), askers);
    }

    [Fact]
    public void Who_asks_would_be_found()
    {
        Assert.Contains("RowNameTests.IsRead", Askers(typeof(RowNameTests).Assembly));
    }

    private static bool IsRead(SyscallRow row) => row.Name == "read";

    /// <summary>The methods whose code calls the getter, as type and method; for a lambda those that it stands in.</summary>
    private static IEnumerable<string> Askers(Assembly assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly.Location));
        var metadata = image.GetMetadataReader();
        var tokens = Tokens(assembly, metadata);
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            var type = metadata.GetTypeDefinition(method.GetDeclaringType());
            if (method.RelativeVirtualAddress == 0 || metadata.GetString(type.Name) == nameof(SyscallRow))
            {
                continue;
            }

            if (Calls(image.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!, tokens))
            {
                yield return $"{Outermost(metadata, type)}.{Plain(metadata.GetString(method.Name))}";
            }
        }
    }

    /// <summary>By which tokens the code of an assembly names the getter.</summary>
    private static HashSet<int> Tokens(Assembly assembly, MetadataReader metadata)
    {
        var getter = typeof(SyscallRow).GetProperty(nameof(SyscallRow.Name))!.GetMethod!;
        var tokens = metadata.MemberReferences.Select(static handle => MetadataTokens.GetToken(handle))
            .Where(token => metadata.GetMemberReference((MemberReferenceHandle)MetadataTokens.EntityHandle(token)) is var member
                && metadata.StringComparer.Equals(member.Name, getter.Name)
                && member.Parent.Kind == HandleKind.TypeReference
                && metadata.StringComparer.Equals(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name, nameof(SyscallRow)))
            .ToHashSet();
        if (getter.Module.Assembly == assembly)
        {
            tokens.Add(getter.MetadataToken);
        }

        return tokens;
    }

    /// <summary>Whether there is a call or callvirt of one of these. What only looks like one, in the middle of another instruction, would have to have the very token.</summary>
    private static bool Calls(byte[] code, HashSet<int> tokens)
    {
        const byte call = 0x28, callvirt = 0x6F;
        for (var i = 0; i + sizeof(int) < code.Length; i++)
        {
            if (code[i] is call or callvirt && tokens.Contains(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(i + 1))))
            {
                return true;
            }
        }

        return false;
    }

    private static string Outermost(MetadataReader metadata, TypeDefinition type)
    {
        while (!type.GetDeclaringType().IsNil)
        {
            type = metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        return metadata.GetString(type.Name);
    }

    /// <summary>&lt;Named&gt;b__0 is a lambda of Named, &lt;Named&gt;g__Find|1 a function in it.</summary>
    private static string Plain(string name) => name.StartsWith('<') && name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end ? name[1..end] : name;
}
