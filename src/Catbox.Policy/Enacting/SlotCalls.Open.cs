using System.Buffers.Binary;
using Catbox.Policy.Decoding;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Catbox.Policy.Syscalls;
using static Catbox.Policy.Decoding.KernelBits;

namespace Catbox.Policy.Enacting;

// open, creat, openat and openat2, which are all made as openat2: its flags and its resolve bits stand in the slot too.
internal static partial class SlotCalls
{
    /// <summary>openat2 on x86-64, and everywhere (calls since 5.1 have one number on all architectures).</summary>
    private const long Openat2 = 437;

    private static void PlanOpen(SyscallRequest request, Judgement judgement, SlotCall into)
    {
        var path = request.First;
        var resolved = judgement.First;
        var isLegacy = request.Row.IndexOf(ArgKind.OpenHow) < 0;
        var flags = isLegacy ? LegacyFlags(request.OpenFlags) : request.OpenFlags;
        var mode = isLegacy ? request.OpenMode & S_IALLUGO : request.OpenMode;
        if (!isLegacy && (request.ResolveFlags & ~VALID_RESOLVE_FLAGS) != 0)
        {
            into.Refusal = Errno.EINVAL;
            return;
        }

        var isHeld = resolved.ThroughDescriptor >= 0 && resolved.Kind is not (FileKind.Directory or FileKind.Anonymous) && (flags & O_DIRECTORY) == 0;
        if (judgement.ExistingOnly || isHeld)
        {
            // Allowed because it is there and stays what it is: should it vanish, it is not to be made. Nor is what a descriptor holds, which may have lost the name that it is
            // judged by (a file of O_TMPFILE that was given another).
            flags &= ~O_CREAT;
            mode = (flags & O_TMPFILE_BIT) == 0 ? 0 : mode;
        }

        mode = isLegacy && (flags & (O_CREAT | O_TMPFILE_BIT)) == 0 ? 0 : mode;
        into.Begin(Openat2, default);
        into.Args[0] = unchecked((ulong)(long)path.DirFd);
        into.Args[3] = OPEN_HOW_SIZE_VER0;
        Span<byte> how = stackalloc byte[OPEN_HOW_SIZE_VER0];
        if (resolved.Canonical.IsEmpty)
        {
            // An openat2 that only reads where reads are not judged: nobody asked where it leads, only what it may do there.
            WriteHow(how, flags, mode, request.ResolveFlags);
            into.Put(2, how);
            into.PutPath(1, path.Path.Span);
            return;
        }

        if (resolved.Kind == FileKind.Anonymous)
        {
            if ((flags & O_CREAT) != 0 && PathSyntax.EndsInDots(path.Path.Span))
            {
                // A directory that was removed and is somebody's working directory: dots name it, and it cannot be made.
                into.Refusal = (flags & O_EXCL) != 0 ? Errno.EEXIST : Errno.EISDIR;
                return;
            }

            PlanNameless(request, resolved, flags, into);
            return;
        }

        WriteHow(how, flags, mode, RESOLVE_NO_SYMLINKS | (request.ResolveFlags & RESOLVE_CACHED));
        into.Args[0] = unchecked((ulong)(long)AT_FDCWD);
        into.Put(2, how);
        into.InsistsOnDirectory = (EndsInSlash(path.Path.Span) || resolved.MissesDirectory) && resolved.Canonical.Length > 1;
        if (!into.TryPutPath(1, resolved.Canonical))
        {
            // A directory that is deeper than a path can say: the guest went there step by step.
            into.Ending.NeedsAlternative = true;
        }

        into.Scope = new OpenScope
        {
            Resolve = request.ResolveFlags & (RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH),
            DirFd = path.DirFd,
            Path = path.Path,
            Follow = path.Follow,
            Exists = resolved.Exists,
            Judged = resolved.CanonicalMemory,
        };
        into.Ending.Opens = true;
        into.Ending.Finds = resolved.Exists || (flags & O_CREAT) != 0;
        into.Ending.EndsInLink = resolved.Kind == FileKind.Symlink;
        into.Ending.WantsDirectory = resolved.TrailingSlash || (flags & O_DIRECTORY) != 0;
        into.Alternative = AlternativeOf(path, resolved, request.ResolveFlags, into.Ending.NeedsAlternative);
    }

    /// <summary>A slash after a name. After dots it says nothing: open_last_lookups (fs/namei.c) handles them before it looks for one.</summary>
    private static bool EndsInSlash(ReadOnlySpan<byte> path) => path.EndsWith("/"u8) && !PathSyntax.EndsInDots(path);

    /// <summary>
    /// Where the path starts, which may be below a directory that the guest may not search: the working directory, a descriptor, or the magic link of either. An absolute
    /// path has no such start, and only the working directory to go by where its canonical one is too long.
    /// </summary>
    private static SlotAlternative AlternativeOf(in PathOperand path, ResolvedPath resolved, ulong resolve, bool isNeeded)
    {
        if (resolved.ThroughDescriptor >= 0 && resolve == 0)
        {
            return new SlotAlternative { Kind = SlotAlternativeKind.MagicLink, Task = resolved.ThroughProcess, Descriptor = resolved.ThroughDescriptor };
        }

        // Whoever takes the alternative asks that all links on the way are the calling thread's: then it does not matter which of its names stands in the path.
        var linksOf = resolved.MagicLinksOf;
        var isMagic = MagicStart.TrySplit(path.Path.Span, linksOf, linksOf, out _, out var dirFd, out _);
        if (isMagic ? linksOf <= 0 : path.Path.Span[0] == PathSyntax.Slash && !isNeeded)
        {
            return default;
        }

        dirFd = isMagic || path.Path.Span[0] == PathSyntax.Slash ? dirFd : path.DirFd;
        return new SlotAlternative
        {
            Kind = dirFd == AT_FDCWD ? SlotAlternativeKind.WorkingDirectory : SlotAlternativeKind.Directory,
            Task = isMagic ? linksOf : 0,
            DirFd = dirFd,
        };
    }

    /// <summary>
    /// What has no name can only be opened through the magic link of a descriptor, which RESOLVE_NO_SYMLINKS would not follow: that of the very task that was judged, whatever
    /// links led to it. Another task may put another file there (dup3): nothing is made or emptied on the way, and the descriptor that comes out is looked at before the guest has it.
    /// </summary>
    private static void PlanNameless(SyscallRequest request, ResolvedPath resolved, ulong flags, SlotCall into)
    {
        Span<byte> how = stackalloc byte[OPEN_HOW_SIZE_VER0];
        WriteHow(how, flags & ~(O_CREAT | O_EXCL | O_TRUNC), 0, request.ResolveFlags);
        into.Put(2, how);
        if (resolved.ThroughDescriptor >= 0 && resolved.ThroughProcess > 0 && request.ResolveFlags == 0)
        {
            into.PutDescriptor(1, resolved.ThroughProcess, resolved.ThroughDescriptor);
            into.DescriptorOf = resolved.ThroughProcess;
        }
        else
        {
            into.PutPath(1, request.First.Path.Span);
        }

        into.LeftOut = flags & O_TRUNC;
        into.Ending.IsNameless = true;
        into.Ending.Device = resolved.Device;
        into.Ending.Inode = resolved.Inode;
    }

    /// <summary>What open and openat make of their flags before anything else sees them (build_open_how, fs/open.c): openat2 answers EINVAL to the rest.</summary>
    internal static ulong LegacyFlags(ulong flags)
    {
        flags &= VALID_OPEN_FLAGS;
        return (flags & O_PATH) != 0 ? flags & O_PATH_FLAGS : flags;
    }

    private static void WriteHow(Span<byte> how, ulong flags, ulong mode, ulong resolve)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(how, flags);
        BinaryPrimitives.WriteUInt64LittleEndian(how[8..], mode);
        BinaryPrimitives.WriteUInt64LittleEndian(how[16..], resolve);
    }
}
