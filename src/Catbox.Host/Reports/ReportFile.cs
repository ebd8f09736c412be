using System.Globalization;
using System.Text;
using Catbox.Policy.Rules;
using Catbox.Runtime;

namespace Catbox.Host.Reports;

/// <summary>
/// A report on its way to the disk. While the command runs, each violation is one complete JSON line in <c>FILE.partial</c>, so that a crash loses
/// nothing; at the end FILE is written as a whole and takes its name in one step. Thread-safe.
/// </summary>
internal sealed class ReportFile : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly SandboxPolicy _policy;
    private readonly bool _isDevice;
    private readonly FileStream? _partial;
    private long _lines;
    private bool _finished;

    /// <summary>Opens it; what would fail at the end fails here, before anything runs.</summary>
    /// <exception cref="UsageException">The file cannot be made there.</exception>
    public ReportFile(string path, SandboxPolicy policy)
    {
        _path = path;
        _policy = policy;
        try
        {
            if (Directory.Exists(path))
            {
                throw new UsageException($"--report {path}: is a directory");
            }

            // A pipe or a device (/dev/fd/3) has no name to take over: it gets the report at the end, and no lines before.
            _isDevice = File.Exists(path) && !IsRegular(path);
            if (!_isDevice)
            {
                _partial = CreateNew(PartialOf(path), FileAccess.ReadWrite);
            }
        }
        catch (DirectoryNotFoundException)
        {
            throw new UsageException($"--report {path}: its directory does not exist");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--report {path}: {e.Message}");
        }
    }

    /// <summary>The name of the file that grows while the command runs.</summary>
    public static string PartialOf(string path) => path + ".partial";

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
            if (!_finished)
            {
                _partial.Write([.. line, (byte)'\n']);
                _lines++;
            }
        }
    }

    /// <summary>Writes the report and takes the partial one away.</summary>
    /// <param name="result">What the run came to.</param>
    /// <param name="exitCode">What catbox exits with.</param>
    /// <exception cref="IOException">It cannot be written; the partial file stays.</exception>
    public void Finish(SandboxResult result, int exitCode)
    {
        lock (_lock)
        {
            _finished = true;
            if (_isDevice)
            {
                using var device = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                Write(device, result, exitCode);
                return;
            }

            var temporary = _path + ".new";
            using (var file = CreateNew(temporary, FileAccess.Write))
            {
                using var buffered = new BufferedStream(file, 1 << 16);
                Write(buffered, result, exitCode);
            }

            File.Move(temporary, _path, overwrite: true);
            _partial!.Dispose();
            File.Delete(PartialOf(_path));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _partial?.Dispose();

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
    private IEnumerable<byte[]> Violations(SandboxResult result)
    {
        if (_partial is null || _lines < result.ViolationCount || result.Violations.Length == result.ViolationCount)
        {
            return result.Violations.Select(v => ReportWriter.Violation(v, _policy));
        }

        _partial.Position = 0;
        return Lines(_partial);
    }

    private static IEnumerable<byte[]> Lines(Stream stream)
    {
        // Every line is JSON of our own, so UTF-8 all through.
        using var reader = new StreamReader(stream, Encoding.UTF8, false, 1 << 16, leaveOpen: true);
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

    /// <summary>Makes a file anew. O_EXCL: a link that somebody laid there under its name is not followed.</summary>
    private static FileStream CreateNew(string path, FileAccess access)
    {
        File.Delete(path);
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = access,
            Share = FileShare.Read,
            BufferSize = 0,
        });
    }

    private static bool IsRegular(string path)
    {
        var kind = File.GetAttributes(path);
        return (kind & (FileAttributes.Device | FileAttributes.Directory)) == 0;
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select(static (c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
