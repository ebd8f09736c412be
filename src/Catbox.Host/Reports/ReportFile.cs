using System.Globalization;
using System.Text;
using Catbox.Host.Parsing;
using Catbox.Policy;
using Catbox.Policy.Rules;
using Catbox.Runtime;
using Catbox.Runtime.Diagnostics;

namespace Catbox.Host.Reports;

/// <summary>
/// A report on its way to the disk. While the command runs, each violation is one complete JSON line in <c>FILE.partial</c>, so that a crash loses
/// nothing; at the end FILE is written as a whole and takes its name in one step. What is no regular file (a device, a pipe, a descriptor of ours) is written as it is, at the
/// end, and has no lines before. Thread-safe.
/// </summary>
internal sealed class ReportFile : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _name;
    private readonly SandboxPolicy _policy;
    private readonly OutputFile _file;
    private readonly SideFile? _partial;
    private long _lines;
    private bool _finished;
    private bool _isComplete = true;

    /// <summary>Opens it; what would fail at the end fails here, before anything runs.</summary>
    /// <exception cref="UsageException">The file cannot be made there.</exception>
    public ReportFile(GuestString path, SandboxPolicy policy)
    {
        _name = $"--report {PathText.Escape(path.Bytes)}";
        _policy = policy;
        var error = OutputFile.Open(path.Bytes, out var file);
        if (error.IsSuccess && file!.IsReplaced)
        {
            error = file.CreateBeside(Partial, out _partial, out var isPlain);
            if (!error.IsSuccess && file.OpenInPlace(out var inPlace).IsSuccess)
            {
                file.Dispose();
                (file, error) = (inPlace, Errno.None);
            }
            else if (error.IsSuccess && !isPlain)
            {
                Notice = $"{_name}: {PathText.Escape([.. file.Path.Bytes, .. Partial])} is not this run's; the violations so far are in {PathText.Escape(_partial!.Path.Bytes)}";
            }
        }

        if (!error.IsSuccess)
        {
            file?.Dispose();
            throw new UsageException($"{_name}: " + Said(error));
        }

        _file = file!;
    }

    /// <summary>What the name of the file that grows while the command runs ends with.</summary>
    public static ReadOnlySpan<byte> Partial => ".partial"u8;

    /// <summary>What is to be told of where the lines are; null where they are where one looks for them.</summary>
    public string? Notice { get; }

    /// <summary>Patterns of the files that are ours: a guest that may write their directory could forge them.</summary>
    public IEnumerable<string> Own => _partial is null ? [] : [PatternText.Escaped(_file.Path.Bytes), PatternText.Escaped(_partial.Path.Bytes)];

    /// <summary>Appends a violation: one write, one complete line.</summary>
    public void Append(Violation violation)
    {
        if (_partial is null)
        {
            return;
        }

        var line = ReportWriter.Violation(violation, _policy);
        lock (_lock)
        {
            if (_finished || !_isComplete)
            {
                return;
            }

            // A disk that is full ends the lines, not the run: the report itself says at its end whether it could be written.
            _isComplete = _partial.Append([.. line, (byte)'\n']).IsSuccess;
            _lines += _isComplete ? 1 : 0;
        }
    }

    /// <summary>Writes the report and takes the partial one away.</summary>
    /// <param name="result">What the run came to.</param>
    /// <param name="exitCode">What catbox exits with.</param>
    /// <exception cref="IOException">It cannot be written; the partial file stays where it has lines.</exception>
    public void Finish(SandboxResult result, int exitCode)
    {
        lock (_lock)
        {
            try
            {
                _file.Write(stream => Write(stream, result, exitCode));
            }
            catch (IOException e)
            {
                throw new IOException($"{_name}: {e.Message}" + (_partial is not null && _lines > 0 ? $"; the violations are in {PathText.Escape(_partial.Path.Bytes)}" : ""));
            }

            _finished = true;
        }
    }

    /// <summary>Leaves nothing behind but the report, and the lines of one that was not finished.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_finished || _lines == 0)
            {
                _partial?.Remove();
            }

            _finished = true;
            _partial?.Dispose();
            _file.Dispose();
        }
    }

    private static string Said(Errno error) =>
        error == Errno.EISDIR ? "is a directory"
        : error == Errno.ENOENT ? "its directory does not exist"
        : error == Errno.EBADF ? "this descriptor is not open for writing"
        : error == Errno.EACCES || error == Errno.EPERM || error == Errno.EROFS ? $"may not be written ({error}); name a file in a directory that you may write"
        : $"cannot be made: {error}";

    private void Write(Stream stream, SandboxResult result, int exitCode)
    {
        void Line(string text) => stream.Write(Encoding.UTF8.GetBytes(text + "\n"));

        void Field(string name, ReadOnlySpan<byte> value, bool last = false)
        {
            stream.Write(Encoding.UTF8.GetBytes($"  \"{name}\": "));
            stream.Write(value);
            Line(last ? "" : ",");
        }

        Line("{");
        Field("exit", Encoding.ASCII.GetBytes(exitCode.ToString(CultureInfo.InvariantCulture)));
        Field("reason", ReportWriter.Text(SnakeCase(result.Reason.ToString())));
        Field("signal", Encoding.ASCII.GetBytes(result.Exit.Signal.ToString(CultureInfo.InvariantCulture)));
        if (result.Fault is not null)
        {
            Field("fault", ReportWriter.Text(result.Fault));
        }

        Field("violation_count", Encoding.ASCII.GetBytes(result.ViolationCount.ToString(CultureInfo.InvariantCulture)));
        WriteList(stream, "violations", Violations(result));
        WriteList(stream, "processes", result.Processes.Select(ReportWriter.Process));
        Field("resources", ReportWriter.Resources(result));
        Field("policy", ReportWriter.Policy(_policy, result.Rules));
        Field("stops", ReportWriter.Stops(result.Stops), last: true);
        Line("}");
    }

    /// <summary>All violations: from the result where it kept all, otherwise from the lines that were written as they happened.</summary>
    private IEnumerable<byte[]> Violations(SandboxResult result) =>
        _partial is null || _lines < result.ViolationCount || result.Violations.Length == result.ViolationCount
            ? result.Violations.Select(v => ReportWriter.Violation(v, _policy))
            : Lines(_partial.Read());

    private static IEnumerable<byte[]> Lines(Stream stream)
    {
        // Every line is JSON of our own, so UTF-8 all through.
        using var reader = new StreamReader(stream, Encoding.UTF8, false, 1 << 16);
        while (reader.ReadLine() is { } line)
        {
            yield return Encoding.UTF8.GetBytes(line);
        }
    }

    private static void WriteList(Stream stream, string name, IEnumerable<byte[]> items)
    {
        stream.Write(Encoding.UTF8.GetBytes($"  \"{name}\": ["));
        var first = true;
        foreach (var item in items)
        {
            stream.Write(first ? "\n    "u8 : ",\n    "u8);
            stream.Write(item);
            first = false;
        }

        stream.Write(first ? "],\n"u8 : "\n  ],\n"u8);
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select(static (c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
