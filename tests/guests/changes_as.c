/* changes_as HOW [DIRECTORY]: makes a small tree in the directory (by default where it is), becomes somebody else, makes every call that changes a directory or an inode
 * on what it may and may not, and prints how each went. What comes out, and the tree that is left, must be the same in a sandbox and outside:
 * the kernel decides by the caller's fsuid, fsgid, groups, capabilities and umask, whoever makes the call.
 *
 * HOW: nobody (no groups), member (of group 1234), fsuid (setfsuid alone), uncapable (root without capabilities), some (root with CAP_FOWNER and
 * CAP_FSETID alone), thread (one thread by itself, the process stays root), child (a child after an exec-less fork), umask0, umask077. */
#include "guest.h"
#include <grp.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <sys/fsuid.h>
#include <sys/time.h>
#include <sys/xattr.h>

#define NOBODY 65534
#define GROUP 1234
#define RENAME_WHITEOUT_ 4

static int by_root, opened_before, opath_before, suid_before;

static void make_file(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    CHECK(fd >= 0 && write(fd, "content", 7) == 7);
    if (by_root)
        CHECK(fchown(fd, uid, gid) == 0);
    CHECK(fchmod(fd, mode) == 0 && close(fd) == 0);
}

static void make_dir(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
    CHECK(mkdir(path, 0700) == 0);
    if (by_root)
        CHECK(chown(path, uid, gid) == 0);
    CHECK(chmod(path, mode) == 0);
}

static void furnish(void)
{
    static const struct { const char *path; mode_t mode; uid_t uid; gid_t gid; } dirs[] = {
        { "rooted", 0755, 0, 0 }, { "open", 0777, 0, 0 }, { "sticky", 01777, 0, 0 }, { "private", 0700, 0, 0 }, { "mine", 0755, NOBODY, NOBODY },
        { "grouped", 02775, 0, GROUP }, { "private/mine", 0755, NOBODY, NOBODY }, { "mine/empty", 0755, NOBODY, NOBODY },
        { "rooted/empty", 0755, 0, 0 }, { "rooted/mine", 0755, NOBODY, NOBODY },
    };
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
        make_dir(dirs[i].path, dirs[i].mode, dirs[i].uid, dirs[i].gid);
    static const struct { const char *path; mode_t mode; uid_t uid; gid_t gid; } files[] = {
        { "rooted/f", 0644, 0, 0 }, { "rooted/w", 0666, 0, 0 }, { "rooted/suid", 06755, 0, 0 }, { "rooted/mine/f", 0644, NOBODY, NOBODY },
        { "sticky/root", 0644, 0, 0 }, { "sticky/mine", 0644, NOBODY, NOBODY }, { "open/root", 0644, 0, 0 }, { "open/mine", 0644, NOBODY, NOBODY },
        { "private/w", 0666, 0, 0 }, { "private/mine/f", 0644, NOBODY, NOBODY }, { "mine/f", 0644, NOBODY, NOBODY }, { "mine/g", 0644, NOBODY, GROUP },
        { "mine/root", 0644, 0, 0 }, { "grouped/w", 0664, 0, GROUP }, { "mine/suid", 06755, NOBODY, NOBODY }, { "rooted/readonly", 0444, 0, 0 },
        { "mine/suid-too", 06755, NOBODY, NOBODY },
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        make_file(files[i].path, files[i].mode, files[i].uid, files[i].gid);
    CHECK(symlink("../private/w", "open/to-private") == 0 && symlink("../rooted", "open/to-rooted") == 0 && symlink("../mine/f", "open/to-mine") == 0);
    opened_before = open("private/w", O_RDWR | O_CLOEXEC);
    opath_before = open("rooted/w", O_PATH | O_CLOEXEC);
    suid_before = open("mine/suid-too", O_RDWR | O_CLOEXEC);
    CHECK(opened_before >= 0 && opath_before >= 0 && suid_before >= 0);
}

static void say(const char *what, const char *path, long result)
{
    printf("%s %s %s\n", what, path, result < 0 ? strerrorname_np(errno) : "done");
}

#define SAY(what, path, ...) say(what, path, syscall(__VA_ARGS__))

static const struct timespec year_2001[2] = { { 1000000000, 0 }, { 1000000000, 0 } };
static const struct timespec now_and_omit[2] = { { 0, UTIME_NOW }, { 0, UTIME_OMIT } }, now_both[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };

static void change_inode(const char *path)
{
    SAY("chmod", path, SYS_chmod, path, 0640);
    SAY("chmod-setid", path, SYS_chmod, path, 06775);
    SAY("chown-self", path, SYS_chown, path, (uid_t)-1, (gid_t)-1);
    SAY("chown-root", path, SYS_chown, path, 0, -1);
    SAY("chown-nobody", path, SYS_lchown, path, NOBODY, -1);
    SAY("chgrp", path, SYS_fchownat, AT_FDCWD, path, -1, GROUP, AT_SYMLINK_NOFOLLOW);
    SAY("times", path, SYS_utimensat, AT_FDCWD, path, year_2001, 0);
    SAY("times-now", path, SYS_utimensat, AT_FDCWD, path, NULL, 0);
    SAY("times-both-now", path, SYS_utimensat, AT_FDCWD, path, now_both, 0);
    SAY("times-now-omit", path, SYS_utimensat, AT_FDCWD, path, now_and_omit, 0);
    SAY("times-old", path, SYS_utimensat, AT_FDCWD, path, year_2001, 0);
    SAY("setxattr", path, SYS_setxattr, path, "user.catbox", "value", 5L, 0);
    SAY("setxattr-again", path, SYS_lsetxattr, path, "user.catbox", "other", 5L, XATTR_CREATE);
    SAY("setxattr-trusted", path, SYS_setxattr, path, "trusted.catbox", "value", 5L, 0);
    SAY("setxattr-security", path, SYS_setxattr, path, "security.catbox", "value", 5L, 0);
    SAY("removexattr", path, SYS_removexattr, path, "user.catbox");
    SAY("removexattr-trusted", path, SYS_lremovexattr, path, "trusted.catbox");
    SAY("truncate", path, SYS_truncate, path, 3L);
    SAY("truncate-grows", path, SYS_truncate, path, 100L);
}

static void change_directory(const char *directory)
{
    char path[256], other[256];
#define IN(what, name, ...) (snprintf(path, sizeof path, "%s/%s", directory, name), SAY(what, path, __VA_ARGS__))
    IN("mkdir", "new-dir", SYS_mkdir, path, 0777);
    IN("mkdir-setgid", "new-setgid", SYS_mkdir, path, 07777);
    IN("mknod-fifo", "new-fifo", SYS_mknod, path, S_IFIFO | 0666, 0);
    IN("mknod-socket", "new-socket", SYS_mknod, path, S_IFSOCK | 0777, 0);
    IN("mknod-file", "new-file", SYS_mknodat, AT_FDCWD, path, 06777, 0);
    IN("mknod-whiteout", "new-whiteout", SYS_mknod, path, S_IFCHR | 0600, 0);
    IN("symlink", "new-link", SYS_symlink, "text", path);
    IN("link-root", "new-hard", SYS_link, "rooted/f", path);
    IN("link-suid", "new-hard-suid", SYS_link, "rooted/suid", path);
    IN("link-mine", "new-hard-mine", SYS_link, "mine/f", path);
    IN("link-writable", "new-hard-w", SYS_link, "rooted/w", path);
    snprintf(other, sizeof other, "%s/renamed", directory);
    IN("rename", "new-file", SYS_rename, path, other);
    IN("rename-root", "root", SYS_renameat2, AT_FDCWD, path, AT_FDCWD, other, 0);
    IN("rename-whiteout", "renamed", SYS_renameat2, AT_FDCWD, path, AT_FDCWD, "mine/whited", RENAME_WHITEOUT_);
    IN("unlink-new", "new-fifo", SYS_unlink, path);
    IN("unlink-root", "root", SYS_unlink, path);
    IN("unlink-f", "f", SYS_unlinkat, AT_FDCWD, path, 0);
    IN("rmdir", "empty", SYS_rmdir, path);
    IN("rmdir-new", "new-setgid", SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

static void change_everything(void)
{
    static const char *const inodes[] = {
        "rooted/f", "rooted/w", "rooted/suid", "rooted/mine/f", "sticky/root", "open/mine", "private/w", "private/mine/f", "mine/g", "mine/suid",
        "grouped/w", "mine", "rooted", "grouped", "open/to-private", "open/to-mine", "private/../mine/f", "rooted/../mine/f", "open/to-rooted/w",
        "private/missing", "mine/missing", "/proc/self/cwd/mine/f",
    };
    static const char *const directories[] = { "rooted", "open", "sticky", "private", "private/mine", "mine", "grouped", "private/../mine", "open/to-rooted/mine" };
    for (size_t i = 0; i < sizeof inodes / sizeof *inodes; i++)
        change_inode(inodes[i]);
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
        change_directory(directories[i]);
    SAY("fchmod", "opened", SYS_fchmod, opened_before, 0666);
    SAY("fchown", "opened", SYS_fchown, opened_before, NOBODY, NOBODY);
    SAY("fsetxattr", "opened", SYS_fsetxattr, opened_before, "user.catbox", "v", 1L, 0);
    SAY("futimens", "opened", SYS_utimensat, opened_before, NULL, year_2001, 0);
    SAY("ftruncate", "opened", SYS_ftruncate, opened_before, 2L);
    SAY("ftruncate-grows", "opened", SYS_ftruncate, opened_before, 200L);
    SAY("ftruncate", "suid", SYS_ftruncate, suid_before, 2L); /* takes the set-user-id bit from who has not CAP_FSETID */
    int flags = 0, version = 7;
    SAY("getflags", "opened", SYS_ioctl, opened_before, FS_IOC_GETFLAGS, &flags);
    flags |= FS_NODUMP_FL;
    SAY("setflags", "opened", SYS_ioctl, opened_before, FS_IOC_SETFLAGS, &flags);
    SAY("setflags", "suid", SYS_ioctl, suid_before, FS_IOC_SETFLAGS, &flags);
    flags |= FS_IMMUTABLE_FL | FS_APPEND_FL;
    if (by_root && geteuid() != 0) /* with CAP_LINUX_IMMUTABLE nobody could take the tree away again */
        SAY("setflags-immutable", "suid", SYS_ioctl, suid_before, FS_IOC_SETFLAGS, &flags);
    SAY("setflags", "opath", SYS_ioctl, opath_before, FS_IOC_SETFLAGS, &flags);
    SAY("setflags", "nowhere", SYS_ioctl, suid_before, FS_IOC_SETFLAGS, NULL);
    SAY("setversion", "suid", SYS_ioctl, suid_before, FS_IOC_SETVERSION, &version);
    SAY("fchmod", "opath", SYS_fchmod, opath_before, 0600);
    SAY("futimens", "opath", SYS_utimensat, opath_before, NULL, year_2001, 0);
    SAY("fsetxattr", "opath", SYS_fsetxattr, opath_before, "user.catbox", "v", 1L, 0);
    SAY("ftruncate", "opath", SYS_ftruncate, opath_before, 2L);
    SAY("fchownat-empty", "opath", SYS_fchownat, opath_before, "", NOBODY, -1, AT_EMPTY_PATH);
    SAY("utimensat-empty", "opath", SYS_utimensat, opath_before, "", year_2001, AT_EMPTY_PATH);
    SAY("fchmod", "closed", SYS_fchmod, 99, 0600);
    /* A working directory below one that may not be searched any more. */
    int below = open("private/mine", O_PATH | O_DIRECTORY);
    if (below >= 0 && fchdir(below) == 0) {
        SAY("mkdir", "below", SYS_mkdir, "below", 0777);
        SAY("chmod", "below", SYS_chmod, "below", 0700);
        SAY("rename", "below", SYS_rename, "below", "renamed-below");
    }
}

static void capabilities(uint64_t effective)
{
    struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct data[2];
    CHECK(syscall(SYS_capget, &header, data) == 0);
    data[0].effective &= (uint32_t)effective;
    data[1].effective &= (uint32_t)(effective >> 32);
    CHECK(syscall(SYS_capset, &header, data) == 0);
}

/* Of this thread alone: the C library would change all of them. */
static void become(uid_t uid, gid_t gid, int count, const gid_t *groups)
{
    CHECK(syscall(SYS_setgroups, count, groups) == 0);
    CHECK(syscall(SYS_setresgid, gid, gid, gid) == 0 && syscall(SYS_setresuid, uid, uid, uid) == 0);
}

static void *as_nobody(void *unused)
{
    become(NOBODY, NOBODY, 0, NULL);
    change_everything();
    return unused;
}

int main(int argc, char **argv)
{
    CHECK(argc >= 2);
    if (argc > 2)
        CHECK(chdir(argv[2]) == 0);
    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    by_root = getuid() == 0;
    umask(022);
    furnish();
    const char *how = argv[1];
    gid_t group = GROUP;
    if (strcmp(how, "nobody") == 0)
        become(NOBODY, NOBODY, 0, NULL);
    else if (strcmp(how, "member") == 0)
        become(NOBODY, NOBODY, 1, &group);
    else if (strcmp(how, "fsuid") == 0)
        CHECK(setfsuid(NOBODY) == 0 && setfsuid(-1) == NOBODY);
    else if (strcmp(how, "uncapable") == 0)
        capabilities(0);
    else if (strcmp(how, "some") == 0)
        capabilities(1 << CAP_FOWNER | 1 << CAP_FSETID);
    else if (strcmp(how, "umask0") == 0)
        umask(0);
    else if (strcmp(how, "umask077") == 0)
        umask(077);
    else if (strcmp(how, "thread") == 0) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, as_nobody, NULL) == 0 && pthread_join(thread, NULL) == 0);
        CHECK(mkdir("rooted/by-the-process", 0755) == 0);
    } else if (strcmp(how, "child") == 0) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0)
            become(NOBODY, NOBODY, 0, NULL), umask(027), change_everything(), fflush(stdout), _exit(0);
        exits_with(child, 0);
        CHECK(mkdir("rooted/by-the-parent", 0777) == 0);
    } else
        CHECK(strcmp(how, "oneself") == 0);
    if (strcmp(how, "thread") != 0 && strcmp(how, "child") != 0)
        change_everything();
    CHECK(fflush(stdout) == 0);
    return 0;
}
