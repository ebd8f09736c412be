namespace Catbox.Host.Commands;

/// <summary>What <c>catbox run --help</c> says beyond the options.</summary>
internal static class RunHelp
{
    public static IReadOnlyList<HelpSection> Sections { get; } =
    [
        new("Patterns",
        [
            "PATH is a file or a directory with everything below it; a glob",
            "(/src/*.o, /src/**/out, a backslash before what is no wildcard, \\xNN for a",
            "byte); or ~REGEX, matched from end to end. A relative PATH starts at the",
            "working directory. The deepest literal path wins and deny wins a tie; a",
            "glob or regex counts as deep as its literal beginning.",
            "Without asking, a command may write to /dev/null and its like, to its own",
            "terminal, to what it inherited as descriptors 0-2, and to a temporary",
            "directory of its own (TMPDIR) that is removed at the end; --strict takes",
            "all of that back, --no-private-tmp the directory.",
        ]),
        new("Landlock",
        [
            "Where the kernel has it, what can be said in its terms is also held by the",
            "kernel, whoever wins a race: --explain tells which rules. A directory that",
            "may be written is then not removed or renamed itself, though all in it is.",
        ]),
        new("Destinations",
        [
            "HOST:PORT is an address, a network (10.0.0.0/8:443), * for any, or a name,",
            "of which the addresses at the start count. PORT may be a range (80-90) or *.",
            "IPv6 addresses stand in brackets: [::1]:80. A unix socket is given by its",
            "path, an abstract one as @name.",
        ]),
        new("Violations",
        [
            "Each is one line on stderr, once for every call and path:",
            "  catbox: OPERATION PATH: refused (ERRNO), pid PID PROGRAM; allow with OPTION",
            "With --collect-only it says `let through` in place of `refused (ERRNO)`.",
            "Control characters, backslashes and bytes that are not UTF-8 are shown as",
            "\\xNN. After twenty of one call with the same advice others are only counted;",
            "more than one violation is summed up in a last line.",
        ]),
        new("Report",
        [
            "A regular FILE, or one that is not there, is replaced in one step at the end;",
            "a link to it is followed. Anything else (/dev/stdout, a pipe, >(jq .)) is",
            "written at the end as it is. FILE.partial goes when the report is there; where",
            "there was one before, it stays, and the violations so far are in another file,",
            "which is told.",
        ]),
        new("Signals",
        [
            "INT, TERM and QUIT are passed on to the command, and a second one of them",
            "kills everything; HUP is passed on each time. One that catbox was started",
            "with ignored (nohup) is not.",
            "On a terminal the command is part of catbox's job, whatever its stdin is: it",
            "may read the keyboard, what Ctrl-C, Ctrl-\\ and Ctrl-Z send comes to it from",
            "there and does not count, and fg and bg mean both. INT and QUIT that are sent",
            "to catbox while that job is in front are taken for the keyboard's.",
            "A command that was killed leaves the terminal's modes as they were before.",
        ]),
        new("Exit status",
        [
            "The command's own, or 128+N when signal N ended it; otherwise:",
            "  1    --fail-on-violation, where the command gave 0 and there was a violation",
            "  124  --timeout ended it",
            "  125  catbox itself failed, or was asked for something that it cannot do",
            "  126  the command cannot be executed",
            "  127  the command was not found",
        ]),
        new("Examples",
        [
            "catbox run -p . -- make -j4",
            "    build here; nothing outside is changed, and there is no network",
            "catbox run -p . -p ~/.cache/pip --connect pypi.org:443 -- pip install .",
            "    one more directory, and one host",
            "catbox run --collect-only --report needs.json -- ./configure",
            "    let it do everything, and write down what it would have needed",
            "catbox run -p . --deny-write ./.git --deny-read ~/.ssh -- ./untrusted.sh",
            "    but not the repository's history, and not the keys",
            "catbox run --policy build.toml --timeout 30m --fail-on-violation -- ./ci.sh",
        ]),
    ];
}
