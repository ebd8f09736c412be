using Catbox.Testing;
using Xunit;

namespace Catbox.Native.AbiTests;

/// <summary>The compiler helper itself: a comparison that silently compared nothing would pass for ever.</summary>
public sealed class CCompilerTests
{
    [SkippableFact]
    public void A_program_is_compiled_and_run()
    {
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);

        Assert.Equal("8\n", CCompiler.BuildAndRun("#include <stdio.h>\nint main(void) { printf(\"%zu\\n\", sizeof(void *)); }"));
    }

    [SkippableFact]
    public void What_does_not_compile_is_an_error_with_the_compilers_words()
    {
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);

        var error = Assert.Throws<InvalidOperationException>(() => CCompiler.BuildAndRun("int main(void) { return not_declared; }"));
        Assert.Contains("not_declared", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_failing_program_is_an_error_with_its_exit_code()
    {
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);

        var error = Assert.Throws<InvalidOperationException>(() => CCompiler.BuildAndRun("int main(void) { return 3; }"));
        Assert.Contains("exit code 3", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Constants_have_their_values_also_where_one_stands_for_another()
    {
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);

        var constants = CCompiler.Constants("errno.h", "E");
        Assert.Equal(13, constants["EACCES"]);
        Assert.Equal(constants["EAGAIN"], constants["EWOULDBLOCK"]);
    }
}
