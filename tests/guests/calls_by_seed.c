/* calls_by_seed SEED COUNT DIRECTORY: makes a small tree in DIRECTORY (which must be empty) and COUNT calls that the seed chooses, of every kind that opens,
 * makes, removes, names or changes files, with arguments that are mostly a little wrong; writes a line for each with what came of it. Neither
 * what is chosen nor what is written depends on anything but the seed and the kernel's answers: the same seed outside and inside of a sandbox must give
 * the same lines, and leave the same tree (tree_listing). */
#include "guest.h"
#include "calls_by_seed.h"

/* --- the calls: each writes its name and arguments, and gives its result --- */

static long do_open(void)
{
    int flags = open_flags(), mode = any_mode(), dir;
    const char *path = any_path(&dir);
    any_errno |= is_lost() && flags & O_CREAT;
    int with_mode = flags & (O_CREAT | TMPFILE_BIT);
    long fd;
    if (one_in(3)) {
        say("open(%s, %#x, %#o)", shown(path), flags, mode);
        fd = syscall(SYS_open, path, flags, with_mode ? mode : 0);
    } else {
        say("openat(%d, %s, %#x, %#o)", dir, shown(path), flags, mode);
        fd = syscall(SYS_openat, dir, path, flags, with_mode ? mode : 0);
    }
    return keep(fd);
}

static long do_openat2(void)
{
    static const uint64_t resolves[] = { 0, 0, RESOLVE_NO_SYMLINKS, RESOLVE_NO_MAGICLINKS, RESOLVE_NO_XDEV, RESOLVE_BENEATH,
                                         RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS, RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS, 1 << 20 };
    static const size_t sizes[] = { 24, 24, 24, 24, 24, 24, 32, 32, 16, 23, 0, 5000 };
    struct { struct open_how how; uint64_t more[640]; } argument = { 0 };
    int dir;
    const char *path = any_path(&dir);
    argument.how.flags = (uint64_t)(unsigned)open_flags();
    if (one_in(2))
        argument.how.flags &= KNOWN_OPEN_FLAGS;
    argument.how.mode = argument.how.flags & (O_CREAT | TMPFILE_BIT) || one_in(8) ? (uint64_t)any_mode() : 0;
    any_errno |= is_lost() && argument.how.flags & O_CREAT;
    argument.how.resolve = resolves[below(COUNT_OF(resolves))];
    argument.more[0] = one_in(6);
    size_t size = sizes[below(COUNT_OF(sizes))];
    say("openat2(%d, %s, {%#llx, %#llo, %#llx}, %zu)", dir, shown(path), (unsigned long long)argument.how.flags, (unsigned long long)argument.how.mode,
        (unsigned long long)argument.how.resolve, size);
    long fd = syscall(SYS_openat2, dir, path, &argument, size);
    /* Which of two mistakes is met first depends on the way that RESOLVE_* take; that it is one does not. */
    any_errno |= argument.how.resolve != 0;
    return keep(fd);
}

static long do_creat(void)
{
    int dir, mode = any_mode();
    const char *path = any_path(&dir);
    struct stat there;
    if (fstatat(AT_FDCWD, path, &there, 0) == 0 && S_ISFIFO(there.st_mode))
        return 0; /* it would wait for a reader */
    say("creat(%s, %#o)", shown(path), mode);
    any_errno |= is_lost(); /* a slash behind the name is found out before that nothing can be made there */
    return keep(syscall(SYS_creat, path, mode));
}

static long do_mkdir(void)
{
    int dir, mode = any_mode();
    const char *path = any_path(&dir);
    say("mkdirat(%d, %s, %#o)", dir, shown(path), mode);
    return dir == AT_FDCWD && one_in(2) ? syscall(SYS_mkdir, path, mode) : syscall(SYS_mkdirat, dir, path, mode);
}

static long do_remove(void)
{
    static const int flags[] = { 0, 0, AT_REMOVEDIR, AT_REMOVEDIR, 0x1000, AT_REMOVEDIR | 1 };
    int dir, which = flags[below(COUNT_OF(flags))];
    const char *path = any_path(&dir);
    say("unlinkat(%d, %s, %#x)", dir, shown(path), which);
    if (dir == AT_FDCWD && one_in(2) && (which & ~AT_REMOVEDIR) == 0)
        return syscall(which ? SYS_rmdir : SYS_unlink, path);
    return syscall(SYS_unlinkat, dir, path, which);
}

static long do_rename(void)
{
    static const int flags[] = { 0, 0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 8 }; /* NOREPLACE 1, EXCHANGE 2, WHITEOUT 4 */
    int dir, other_dir, which = flags[below(COUNT_OF(flags))];
    const char *path = any_path(&dir), *other = any_path(&other_dir);
    say("renameat2(%d, %s, %d, %s, %d)", dir, shown(path), other_dir, shown(other), which);
    /* A name that is too long, or one in a directory that is no more, is found out after the other directory's mistake. */
    any_errno |= too_long || is_lost();
    if (which == 0 && one_in(2))
        return dir == AT_FDCWD && other_dir == AT_FDCWD ? syscall(SYS_rename, path, other) : syscall(SYS_renameat, dir, path, other_dir, other);
    return syscall(SYS_renameat2, dir, path, other_dir, other, which);
}

static long do_link(void)
{
    static const int flags[] = { 0, 0, 0, AT_SYMLINK_FOLLOW, AT_SYMLINK_FOLLOW, AT_EMPTY_PATH, AT_EMPTY_PATH | AT_SYMLINK_FOLLOW, 1 };
    int dir, other_dir, which = flags[below(COUNT_OF(flags))];
    /* Whether a descriptor is a name to another user depends on the credentials that it was opened with, which nobody else can ask for. */
    if (geteuid() != getuid())
        which &= ~AT_EMPTY_PATH;
    const char *path = which & AT_EMPTY_PATH && one_in(2) ? empty_path(&dir) : any_path(&dir), *other = any_path(&other_dir);
    if (which & AT_EMPTY_PATH) /* who may do that depends on who has opened it: one mistake is enough */
        other = "n", other_dir = AT_FDCWD;
    say("linkat(%d, %s, %d, %s, %#x)", dir, shown(path), other_dir, shown(other), which);
    if (which == 0 && dir == AT_FDCWD && other_dir == AT_FDCWD && one_in(2))
        return syscall(SYS_link, path, other);
    return syscall(SYS_linkat, dir, path, other_dir, other, which);
}

static long do_symlink(void)
{
    static const char *const targets[] = { "a", "b", "c/a", "d", "d/", ".", "..", "../d", "nowhere", "nowhere/a", "l", "m", "", "/proc/self/cwd/a", "d/l", "./l/." };
    int dir;
    const char *target = targets[below(COUNT_OF(targets))], *path = any_path(&dir);
    say("symlinkat(%s, %d, %s)", target, dir, shown(path));
    return dir == AT_FDCWD && one_in(2) ? syscall(SYS_symlink, target, path) : syscall(SYS_symlinkat, target, dir, path);
}

static long do_truncate(void)
{
    static const long lengths[] = { 0, 1, 3, 100, 5000, -1 };
    int dir;
    long length = lengths[below(COUNT_OF(lengths))];
    const char *path = any_path(&dir);
    say("truncate(%s, %ld)", shown(path), length);
    return syscall(SYS_truncate, path, length);
}

/* Below a directory that is deeper than a path can say, a tracer without rights of its own finds out where that is by searching and reading those above: they stay open. */
static int mode_here(int mode)
{
    char path[PATH_MAX];
    return getuid() != 0 && getcwd(path, sizeof path) == NULL && errno != ENOENT ? mode | 0700 : mode;
}

static long do_chmod(void)
{
    static const int flags[] = { 0, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, 1 };
    int dir, mode = mode_here(any_mode()), which = flags[below(COUNT_OF(flags))];
    const char *path = which & AT_EMPTY_PATH && one_in(2) ? empty_path(&dir) : any_path(&dir);
    say("fchmodat2(%d, %s, %#o, %#x)", dir, shown(path), mode, which);
    if (which == 0)
        return dir == AT_FDCWD && one_in(2) ? syscall(SYS_chmod, path, mode) : syscall(SYS_fchmodat, dir, path, mode);
    return syscall(452 /* fchmodat2 */, dir, path, mode, which);
}

static long do_chown(void)
{
    static const int flags[] = { 0, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, 1 };
    int dir, user = any_id(), group = any_id(), which = flags[below(COUNT_OF(flags))];
    const char *path = which & AT_EMPTY_PATH && one_in(2) ? empty_path(&dir) : any_path(&dir);
    say("fchownat(%d, %s, %d, %d, %#x)", dir, shown(path), user, group, which);
    if (dir == AT_FDCWD && which <= AT_SYMLINK_NOFOLLOW && which != 1 && one_in(2))
        return syscall(which ? SYS_lchown : SYS_chown, path, user, group);
    return syscall(SYS_fchownat, dir, path, user, group, which);
}

static long do_times(void)
{
    static const struct timespec times[][2] = {
        { { 1000000000, 0 }, { 1000000000, 0 } }, { { 1000000000, 0 }, { 1000000000, UTIME_OMIT } },
        { { 0, UTIME_OMIT }, { 1000000000, 0 } }, { { 0, 2000000000 }, { 0, 0 } }, { { 0, UTIME_OMIT }, { 0, UTIME_OMIT } },
    };
    static const int flags[] = { 0, 0, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, 1 };
    int dir, which = flags[below(COUNT_OF(flags))];
    unsigned chosen = below(COUNT_OF(times));
    const char *path = which & AT_EMPTY_PATH && one_in(2) ? empty_path(&dir) : any_path(&dir);
    if (one_in(8))
        path = NULL;
    say("utimensat(%d, %s, #%u, %#x)", dir, shown(path), chosen, which);
    return syscall(SYS_utimensat, dir, path, times[chosen], which);
}

static long do_mknod(void)
{
    static const int kinds[] = { S_IFIFO, S_IFIFO, S_IFREG, 0, S_IFSOCK, S_IFDIR, S_IFLNK, 0170000 };
    int dir, mode = kinds[below(COUNT_OF(kinds))] | (any_mode() & 0777);
    const char *path = any_path(&dir);
    say("mknodat(%d, %s, %#o)", dir, shown(path), mode);
    return dir == AT_FDCWD && one_in(2) ? syscall(SYS_mknod, path, mode, 0) : syscall(SYS_mknodat, dir, path, mode, 0);
}

static long do_attribute(void)
{
    static const char *const names[] = { "user.a", "user.a", "user.b", "nonsense", "user." };
    int dir, flags = (int)below(4);
    const char *path = any_path(&dir), *name = names[below(COUNT_OF(names))];
    unsigned which = below(6);
    say("attribute %u(%s, %s, %d)", which, shown(path), name, flags);
    switch (which) {
    case 0: return syscall(SYS_setxattr, path, name, "v", 1L, flags);
    case 1: return syscall(SYS_lsetxattr, path, name, "v", 1L, flags);
    case 2: return syscall(SYS_removexattr, path, name);
    case 3: return syscall(SYS_lremovexattr, path, name);
    case 4: return syscall(SYS_fsetxattr, any_fd(), name, "v", 1L, flags);
    default: return syscall(SYS_fremovexattr, any_fd(), name);
    }
}

static long do_behind(void)
{
    static const struct timespec times[2] = { { 1000000000, 0 }, { 1000000000, 0 } };
    int fd = any_fd(), mode = mode_here(any_mode());
    unsigned which = below(4);
    say("behind %u(%d, %#o)", which, fd, mode);
    switch (which) {
    case 0: return syscall(SYS_fchmod, fd, mode);
    case 1: return syscall(SYS_ftruncate, fd, (long)(mode & 077));
    case 2: return syscall(SYS_fchown, fd, any_id(), any_id());
    default: return syscall(SYS_utimensat, fd, NULL, times, 0);
    }
}

static long do_chdir(void)
{
    int dir;
    const char *path = any_path(&dir);
    if (one_in(2)) {
        say("back");
        return fchdir(TREE_FD);
    }
    if (one_in(3)) {
        int fd = any_fd();
        say("fchdir(%d)", fd);
        return syscall(SYS_fchdir, fd);
    }
    say("chdir(%s)", shown(path));
    return syscall(SYS_chdir, path);
}

/* Nearly as deep as a path can say, or deeper. */
static long do_descend(void)
{
    char name[201];
    long failed = 0;
    memset(name, 'n', 200);
    name[200] = 0;
    say("descend");
    CHECK(fchdir(TREE_FD) == 0 || errno == EACCES);
    for (unsigned i = one_in(2) ? 18 : 24; i > 0 && failed == 0; i--)
        failed = (mkdir(name, 0755) != 0 && errno != EEXIST) || chdir(name) != 0 ? -1 : 0;
    return failed;
}

/* A working directory that is no more. */
static long do_lose(void)
{
    say("lose");
    if (mkdir("lost", 0755) != 0 || chdir("lost") != 0)
        return -1;
    return rmdir("../lost");
}

static long do_user(void)
{
    static const int ids[] = { 0, 0, 1000, 65534 };
    int id = ids[below(COUNT_OF(ids))];
    say("become %d", id);
    if (getuid() != 0)
        return 0;
    CHECK(seteuid(0) == 0 && setegid((gid_t)id) == 0);
    return seteuid((uid_t)id);
}

static long do_bind(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int dir, fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const char *path = any_path(&dir);
    CHECK(fd >= 0);
    if (path <= (const char *)4096 || !*path || strlen(path) >= sizeof address.sun_path)
        path = "sock";
    strcpy(address.sun_path, path);
    say("bind(%s)", shown(path));
    long result = syscall(SYS_bind, fd, &address, sizeof address);
    int saved = errno;
    close(fd);
    errno = saved;
    return result;
}

static long do_umask(void)
{
    static const mode_t masks[] = { 022, 022, 0, 077, 027 };
    mode_t mask = masks[below(COUNT_OF(masks))];
    say("umask(%#o)", mask);
    umask(mask);
    return 0;
}

int main(int argc, char **argv)
{
    static long (*const calls[])(void) = {
        do_open, do_open, do_open, do_open, do_openat2, do_openat2, do_creat, do_mkdir, do_mkdir, do_remove, do_remove, do_rename, do_rename, do_link,
        do_link, do_symlink, do_symlink, do_truncate, do_chmod, do_chmod, do_chown, do_times, do_mknod, do_attribute, do_behind, do_chdir, do_chdir,
        do_bind, do_user, do_umask,
    };
    CHECK(argc == 4);
    long count = atol(argv[2]);
    begin(strtoull(argv[1], NULL, 10), argv[3]);
    for (long n = 1; n <= count; n++) {
        printf("%ld ", n);
        said = too_long = 0;
        /* A tracer that is root finds what is behind a directory that the guest, which became another user, may not search. */
        any_errno = geteuid() != getuid();
        errno = 0;
        if (one_in(10))
            CHECK(fchdir(TREE_FD) == 0 || errno == EACCES);
        long result = one_in(40) ? do_descend() : one_in(40) ? do_lose() : calls[below(COUNT_OF(calls))]();
        finish(result);
    }
    return 0;
}
