/* filecalls [-c | -d] CALL PATH [PATH2]: makes one raw system call by name and says on stderr how it went:
 * 0 or -errno (stdout may be the file that the call is about).
 * With -c it goes to the path's directory first and gives the last name only; with -d it gives a descriptor of that directory and the name
 * (the ...at calls). One program, since every form of a call must be judged alike. */
#include "guest.h"
#include <linux/fs.h>
#include <linux/openat2.h>
#include <mqueue.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <utime.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#define SYS_setxattrat_ 463
#define SYS_removexattrat_ 466
#define SYS_file_setattr_ 469
#define WR (O_WRONLY | O_CLOEXEC)

static int first_dir = AT_FDCWD, second_dir = AT_FDCWD;

static int opened(const char *path, int flags)
{
    int fd = openat(first_dir, path, flags | O_CLOEXEC);
    CHECK(fd >= 0);
    return fd;
}

static long open2(const char *path, uint64_t flags, uint64_t mode, uint64_t resolve)
{
    struct open_how how = { .flags = flags | O_CLOEXEC, .mode = mode, .resolve = resolve };
    return syscall(SYS_openat2, first_dir, path, &how, sizeof how);
}

/* setxattrat's struct xattr_args (linux/xattr.h, 6.13) */
struct xattr_arguments { uint64_t value; uint32_t size, flags; };

static const struct timespec year_2001[2] = { { 1000000000, 0 }, { 1000000000, 0 } };
static const struct timeval year_2001_us[2] = { { 1000000000, 0 }, { 1000000000, 0 } };
#define ME getuid(), getgid()

static long tmpfile_link(const char *directory, const char *name, int empty)
{
    char fd_path[64];
    int fd = openat(first_dir, directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0644);
    if (fd < 0)
        return -1;
    if (empty)
        return syscall(SYS_linkat, fd, "", AT_FDCWD, name, AT_EMPTY_PATH);
    snprintf(fd_path, sizeof fd_path, "/proc/self/fd/%d", fd);
    return syscall(SYS_linkat, AT_FDCWD, fd_path, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

static long reopen(const char *path, int flags, int again)
{
    char fd_path[64];
    snprintf(fd_path, sizeof fd_path, "/proc/self/fd/%d", opened(path, flags));
    return syscall(SYS_openat, AT_FDCWD, fd_path, again | O_CLOEXEC, 0);
}

static long bind_unix(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    CHECK(strlen(path) < sizeof address.sun_path);
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    return syscall(SYS_bind, fd, &address, sizeof address);
}

static long setxattrat(const char *path)
{
    struct xattr_arguments arguments = { (uint64_t)(uintptr_t)"v", 1, 0 };
    return syscall(SYS_setxattrat_, first_dir, path, 0, "user.catbox", &arguments, sizeof arguments);
}

static long file_setattr(const char *path)
{
    uint64_t attributes[3] = { 0x80 /* FS_XFLAG_NODUMP */, 0, 0 }; /* struct file_attr, 24 bytes */
    return syscall(SYS_file_setattr_, first_dir, path, attributes, sizeof attributes, 0);
}

#define DEFINE(id, expression) static long id(const char *a, const char *b) { (void)a, (void)b; return expression; }
#define CALLS(X) \
    X("open-wronly", open_wronly, syscall(SYS_open, a, WR)) \
    X("open-rdwr", open_rdwr, syscall(SYS_open, a, O_RDWR | O_CLOEXEC)) \
    X("open-accmode3", open_accmode3, syscall(SYS_open, a, O_ACCMODE | O_CLOEXEC)) \
    X("open-append", open_append, syscall(SYS_open, a, WR | O_APPEND)) \
    X("open-rdonly", open_rdonly, syscall(SYS_open, a, O_RDONLY | O_CLOEXEC)) \
    X("open-rdonly-trunc", open_rdonly_trunc, syscall(SYS_open, a, O_RDONLY | O_TRUNC | O_CLOEXEC)) \
    X("open-rdonly-creat", open_rdonly_creat, syscall(SYS_open, a, O_RDONLY | O_CREAT | O_CLOEXEC, 0644)) \
    X("open-creat", open_creat, syscall(SYS_open, a, WR | O_CREAT, 0644)) \
    X("open-creat-excl", open_creat_excl, syscall(SYS_open, a, WR | O_CREAT | O_EXCL, 0644)) \
    X("open-creat-trunc", open_creat_trunc, syscall(SYS_open, a, WR | O_CREAT | O_TRUNC, 0644)) \
    X("openat-wronly", openat_wronly, syscall(SYS_openat, first_dir, a, WR)) \
    X("openat-creat", openat_creat, syscall(SYS_openat, first_dir, a, WR | O_CREAT, 0644)) \
    X("openat-tmpfile", openat_tmpfile, syscall(SYS_openat, first_dir, a, O_TMPFILE | O_RDWR | O_CLOEXEC, 0644)) \
    X("openat2-wronly", openat2_wronly, open2(a, O_WRONLY, 0, 0)) \
    X("openat2-creat", openat2_creat, open2(a, O_WRONLY | O_CREAT, 0644, 0)) \
    X("openat2-no-symlinks", openat2_no_symlinks, open2(a, O_WRONLY, 0, RESOLVE_NO_SYMLINKS)) \
    X("openat2-beneath", openat2_beneath, open2(a, O_WRONLY | O_CREAT, 0644, RESOLVE_BENEATH)) \
    X("openat2-in-root", openat2_in_root, open2(a, O_WRONLY | O_CREAT, 0644, RESOLVE_IN_ROOT)) \
    X("creat", creat_, syscall(SYS_creat, a, 0644)) \
    X("truncate", truncate_, syscall(SYS_truncate, a, 1L)) \
    X("ftruncate-stdout", ftruncate_stdout, syscall(SYS_ftruncate, 1, 0L)) \
    X("mkdir", mkdir_, syscall(SYS_mkdir, a, 0755)) \
    X("mkdirat", mkdirat_, syscall(SYS_mkdirat, first_dir, a, 0755)) \
    X("rmdir", rmdir_, syscall(SYS_rmdir, a)) \
    X("unlinkat-removedir", unlinkat_removedir, syscall(SYS_unlinkat, first_dir, a, AT_REMOVEDIR)) \
    X("mknod", mknod_, syscall(SYS_mknod, a, S_IFREG | 0644, 0)) \
    X("mknod-fifo", mknod_fifo, syscall(SYS_mknod, a, S_IFIFO | 0644, 0)) \
    X("mknodat", mknodat_, syscall(SYS_mknodat, first_dir, a, S_IFREG | 0644, 0)) \
    X("unlink", unlink_, syscall(SYS_unlink, a)) \
    X("unlinkat", unlinkat_, syscall(SYS_unlinkat, first_dir, a, 0)) \
    X("symlink", symlink_, syscall(SYS_symlink, "text", a)) \
    X("symlinkat", symlinkat_, syscall(SYS_symlinkat, "text", first_dir, a)) \
    X("rename", rename_, syscall(SYS_rename, a, b)) \
    X("renameat", renameat_, syscall(SYS_renameat, first_dir, a, second_dir, b)) \
    X("renameat2", renameat2_, syscall(SYS_renameat2, first_dir, a, second_dir, b, 0)) \
    X("renameat2-noreplace", renameat2_noreplace, syscall(SYS_renameat2, first_dir, a, second_dir, b, RENAME_NOREPLACE)) \
    X("renameat2-exchange", renameat2_exchange, syscall(SYS_renameat2, first_dir, a, second_dir, b, RENAME_EXCHANGE)) \
    X("link", link_, syscall(SYS_link, a, b)) \
    X("linkat", linkat_, syscall(SYS_linkat, first_dir, a, second_dir, b, 0)) \
    X("linkat-follow", linkat_follow, syscall(SYS_linkat, first_dir, a, second_dir, b, AT_SYMLINK_FOLLOW)) \
    X("linkat-empty", linkat_empty, syscall(SYS_linkat, opened(a, O_PATH), "", second_dir, b, AT_EMPTY_PATH)) \
    X("tmpfile-linkat", tmpfile_linkat, tmpfile_link(a, b, 0)) \
    X("tmpfile-linkat-empty", tmpfile_linkat_empty, tmpfile_link(a, b, 1)) \
    X("chmod", chmod_, syscall(SYS_chmod, a, 0600)) \
    X("fchmod", fchmod_, syscall(SYS_fchmod, opened(a, O_RDONLY), 0600)) \
    X("fchmod-stdout", fchmod_stdout, syscall(SYS_fchmod, 1, 0600)) \
    X("fchmodat", fchmodat_, syscall(SYS_fchmodat, first_dir, a, 0600)) \
    X("fchmodat2", fchmodat2_, syscall(SYS_fchmodat2, first_dir, a, 0600, 0)) \
    X("fchmodat2-empty", fchmodat2_empty, syscall(SYS_fchmodat2, opened(a, O_PATH), "", 0600, AT_EMPTY_PATH)) \
    X("chown", chown_, syscall(SYS_chown, a, ME)) \
    X("fchown", fchown_, syscall(SYS_fchown, opened(a, O_RDONLY), ME)) \
    X("lchown", lchown_, syscall(SYS_lchown, a, ME)) \
    X("fchownat", fchownat_, syscall(SYS_fchownat, first_dir, a, ME, 0)) \
    X("fchownat-nofollow", fchownat_nofollow, syscall(SYS_fchownat, first_dir, a, ME, AT_SYMLINK_NOFOLLOW)) \
    X("fchownat-empty", fchownat_empty, syscall(SYS_fchownat, opened(a, O_PATH), "", ME, AT_EMPTY_PATH)) \
    X("utime", utime_, syscall(SYS_utime, a, &(struct utimbuf){ 1000000000, 1000000000 })) \
    X("utimes", utimes_, syscall(SYS_utimes, a, year_2001_us)) \
    X("futimesat", futimesat_, syscall(SYS_futimesat, first_dir, a, year_2001_us)) \
    X("utimensat", utimensat_, syscall(SYS_utimensat, first_dir, a, year_2001, 0)) \
    X("utimensat-nofollow", utimensat_nofollow, syscall(SYS_utimensat, first_dir, a, year_2001, AT_SYMLINK_NOFOLLOW)) \
    X("utimensat-null", utimensat_null, syscall(SYS_utimensat, opened(a, O_RDONLY), NULL, year_2001, 0)) \
    X("utimensat-empty", utimensat_empty, syscall(SYS_utimensat, opened(a, O_PATH), "", year_2001, AT_EMPTY_PATH)) \
    X("setxattr", setxattr_, syscall(SYS_setxattr, a, "user.catbox", "v", 1L, 0)) \
    X("lsetxattr", lsetxattr_, syscall(SYS_lsetxattr, a, "user.catbox", "v", 1L, 0)) \
    X("fsetxattr", fsetxattr_, syscall(SYS_fsetxattr, opened(a, O_RDONLY), "user.catbox", "v", 1L, 0)) \
    X("setxattrat", setxattrat_, setxattrat(a)) \
    X("removexattr", removexattr_, syscall(SYS_removexattr, a, "user.catbox")) \
    X("lremovexattr", lremovexattr_, syscall(SYS_lremovexattr, a, "user.catbox")) \
    X("fremovexattr", fremovexattr_, syscall(SYS_fremovexattr, opened(a, O_RDONLY), "user.catbox")) \
    X("removexattrat", removexattrat_, syscall(SYS_removexattrat_, first_dir, a, 0, "user.catbox")) \
    X("getxattr", getxattr_, syscall(SYS_getxattr, a, "user.catbox", NULL, 0L)) \
    X("file_setattr", file_setattr_, file_setattr(a)) \
    X("bind", bind_, bind_unix(a)) \
    X("mq_open", mq_open_, syscall(SYS_mq_open, a, O_RDWR | O_CREAT, 0600, NULL)) \
    X("mq_unlink", mq_unlink_, syscall(SYS_mq_unlink, a)) \
    X("mount", mount_, syscall(SYS_mount, "none", a, "tmpfs", 0L, NULL)) \
    X("umount2", umount2_, syscall(SYS_umount2, a, 2)) \
    X("chroot", chroot_, syscall(SYS_chroot, a)) \
    X("reopen-opath", reopen_opath, reopen(a, O_PATH, O_WRONLY)) \
    X("reopen-rdonly", reopen_rdonly, reopen(a, O_RDONLY, O_RDWR)) \
    X("reopen-rdonly-trunc", reopen_rdonly_trunc, reopen(a, O_RDONLY, O_RDONLY | O_TRUNC))
#define AS_FUNCTION(name, id, expression) DEFINE(id, expression)
CALLS(AS_FUNCTION)

static const struct { const char *name; long (*make)(const char *, const char *); } calls[] = {
#define AS_ROW(name, id, expression) { name, id },
    CALLS(AS_ROW)
};

/* Gives the last name of a path and a descriptor of its directory. A slash at the end stays with the name. */
static char *split(char *path, int *directory)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    char *name = path + end;
    while (name > path && name[-1] != '/')
        name--;
    CHECK(name > path);
    char kept = *name;
    *name = 0;
    *directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    CHECK(*directory >= 0);
    *name = kept;
    return name;
}

int main(int argc, char **argv)
{
    int way = argc > 1 && argv[1][0] == '-' ? argv[1][1] : 0, at = way ? 2 : 1;
    CHECK(argc > at + 1);
    char *a = argv[at + 1], *b = argc > at + 2 ? argv[at + 2] : NULL;
    if (way)
        a = split(a, &first_dir);
    if (way == 'd' && b)
        b = split(b, &second_dir);
    if (way == 'c') {
        CHECK(fchdir(first_dir) == 0);
        first_dir = second_dir = AT_FDCWD;
        b = argc > at + 2 ? argv[at + 2] : NULL; /* the second one stays absolute */
    }
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(calls[i].name, argv[at]) == 0) {
            errno = 0;
            long result = calls[i].make(a, b);
            int error = errno;
            dprintf(2, "%ld\n", result < 0 ? (long)-error : 0L);
            return 0;
        }
    CHECK(!"no call of this name");
}
