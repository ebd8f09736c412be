/* What calls_by_seed chooses from: numbers, names, paths, flags; and the tree that it begins with. */
#ifndef CALLS_BY_SEED_H
#define CALLS_BY_SEED_H

#include "guest.h"
#include <linux/openat2.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/xattr.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
#define TMPFILE_BIT 020000000
#define KNOWN_OPEN_FLAGS (O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_PATH | O_TMPFILE | O_NOATIME)
/* Descriptors that are kept: the tree, and a few that calls have opened, each at its own number. */
#define TREE_FD 20
#define FIRST_FD 21
#define KEPT 6

static uint64_t state;
static const char *tree;
static int said, any_errno, too_long, next_kept;

static uint64_t number(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 2685821657736338717u;
}

static unsigned below(size_t limit)
{
    return (unsigned)((number() >> 33) % limit);
}

static int one_in(unsigned n)
{
    return below(n) == 0;
}

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    said = 1;
    errno = 0;
}

/* A path as it is written in a line: long ones by their length, and nothing that differs from run to run. */
static const char *shown(const char *path)
{
    static char texts[2][128];
    static int turn;
    char *text = texts[turn ^= 1], own[32];
    size_t length = path > (const char *)4096 ? strlen(path) : 0;
    int prefix = snprintf(own, sizeof own, "/proc/%d/", getpid());
    if (length > 0 && strncmp(path, own, (size_t)prefix) == 0) {
        snprintf(text, sizeof *texts, "\"/proc/PID/%s\"", path + prefix);
        return text;
    }
    if (path <= (const char *)4096)
        snprintf(text, sizeof *texts, "%p", (const void *)path);
    else if (length < sizeof *texts - 4)
        snprintf(text, sizeof *texts, "\"%s\"", path);
    else
        snprintf(text, sizeof *texts, "\"%.30s\"... of %zu", path, length);
    return text;
}

static int any_fd(void)
{
    return one_in(12) ? 99 : one_in(12) ? TREE_FD : FIRST_FD + (int)below(KEPT);
}

static int any_mode(void)
{
    static const int modes[] = { 0644, 0644, 0755, 0755, 0700, 0600, 0, 0444, 01777, 02755, 04755, 06777, 0170644, 0100000, 07777, 0200000 };
    return modes[below(COUNT_OF(modes))];
}

/* Users that an ordinary one cannot give anything to. */
static int any_id(void)
{
    static const int ids[] = { -1, -1, 1000, 65534, 0 };
    unsigned which = below(COUNT_OF(ids) + 2);
    return which < COUNT_OF(ids) ? ids[which] : (int)getuid();
}

static int open_flags(void)
{
    static const int accesses[] = { O_RDONLY, O_RDONLY, O_WRONLY, O_WRONLY, O_RDWR, O_RDWR, O_ACCMODE };
    static const int more[] = {
        O_CREAT, O_CREAT, O_CREAT, O_EXCL, O_EXCL | O_CREAT, O_TRUNC, O_APPEND, O_DIRECTORY, O_NOFOLLOW, O_NOFOLLOW, O_PATH, O_TMPFILE, TMPFILE_BIT, O_NOATIME,
        O_SYNC, O_NOCTTY, O_DIRECTORY | O_CREAT, 1 << 30, 1 << 25, 4, 8, 020,
    };
    /* Without O_NONBLOCK a FIFO would wait for its other end. */
    int flags = accesses[below(COUNT_OF(accesses))] | O_NONBLOCK | (one_in(2) ? O_CLOEXEC : 0);
    for (unsigned n = below(4); n > 0; n--)
        flags |= more[below(COUNT_OF(more))];
    return flags;
}

static void add(char *path, const char *text)
{
    if (strlen(path) + strlen(text) < 5000)
        strcat(path, text);
}

/* One whose object has a name: what has none, and was opened for reading, is not opened again for writing inside. */
static int named_fd(void)
{
    struct stat stat;
    int fd = any_fd();
    return fstat(fd, &stat) == 0 && stat.st_nlink == 0 && !S_ISDIR(stat.st_mode) ? TREE_FD : fd;
}

/* A path in one of its many forms, and the descriptor that it begins at. Two are remembered. */
static const char *any_path(int *dir)
{
    static const char *const names[] = { "a", "b", "c", "d", "d", "e", "f", "l", "m", "s", "fifo", "loop", "dangling", "sock", "theirs" };
    static const char *const between[] = { "/", "/", "/", "/", "//", "/./", "/../" };
    static char buffers[2][6000], long_name[300];
    static int turn;
    char *path = buffers[turn ^= 1];
    path[0] = 0;
    *dir = one_in(3) ? any_fd() : AT_FDCWD;
    switch (below(48)) {
    case 0: return NULL;
    case 1: return (const char *)1;
    case 2: return "";
    case 3: return ".";
    case 4: return "..";
    case 5:
        memset(long_name, 'x', sizeof long_name);
        too_long = one_in(2);
        long_name[NAME_MAX + too_long] = 0;
        return long_name;
    case 6: /* at and over PATH_MAX */
        for (int i = 0; i < 2046; i++)
            strcat(path, "./");
        add(path, one_in(2) ? "a" : one_in(2) ? "aa" : "aaaa");
        return path;
    case 7: return sprintf(path, "/proc/self/fd/%d", named_fd()), path;
    case 8: sprintf(path, "/proc/thread-self/fd/%d/a", any_fd()); return path;
    case 9: return sprintf(path, "/dev/fd/%d", named_fd()), path;
    case 10: add(path, "/proc/self/cwd/"); break;
    case 11: sprintf(path, "/proc/%d/cwd/", getpid()); break;
    case 12:
    case 13:
    case 14:
    case 15: sprintf(path, "%s/", tree); break;
    case 16: add(path, "./"); break;
    case 17: add(path, "../"); break;
    }
    add(path, names[below(COUNT_OF(names))]);
    for (unsigned n = below(3); n > 0; n--) {
        add(path, between[below(COUNT_OF(between))]);
        add(path, names[below(COUNT_OF(names))]);
    }
    if (one_in(8))
        add(path, one_in(2) ? "/" : one_in(2) ? "//" : "/.");
    return path;
}

/* Whether the working directory is no more. */
static int is_lost(void)
{
    struct stat here;
    return stat(".", &here) == 0 && here.st_nlink == 0;
}

static const char *empty_path(int *dir)
{
    *dir = any_fd();
    return "";
}

/* An opened file takes the next of the kept numbers; what it is belongs to the answer. */
static long keep(long fd)
{
    struct stat stat;
    if (fd < 0)
        return fd;
    CHECK(fstat((int)fd, &stat) == 0);
    int flags = fcntl((int)fd, F_GETFL), kept = FIRST_FD + next_kept++ % KEPT;
    CHECK(dup3((int)fd, kept, O_CLOEXEC) == kept && close((int)fd) == 0);
    printf(" [%o %u:%u %ld links %ld flags %#x]", stat.st_mode, stat.st_uid, stat.st_gid, S_ISREG(stat.st_mode) ? (long)stat.st_size : 0L,
           (long)stat.st_nlink, flags);
    return 0;
}

static void finish(long result)
{
    int saved = errno;
    if (said)
        printf(" = %ld %s", result, result >= 0 ? "" : any_errno ? "failed" : strerrorname_np(saved));
    putchar('\n');
    CHECK(fflush(stdout) == 0); /* what a killed run has done is known */
}

static void file(const char *name, int mode)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    CHECK(fd >= 0 && write(fd, name, strlen(name)) == (ssize_t)strlen(name) && fchmod(fd, (mode_t)mode) == 0 && close(fd) == 0);
}

static void begin(uint64_t seed, const char *directory)
{
    state = seed * 0x9E3779B97F4A7C15u + 1;
    tree = directory;
    umask(022);
    int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    CHECK(fd >= 0 && chdir(directory) == 0);
    CHECK(dup3(fd, TREE_FD, O_CLOEXEC) == TREE_FD && close(fd) == 0);
    CHECK(mkdir("c", 0755) == 0 && mkdir("d", 0755) == 0 && mkdir("d/e", 0755) == 0 && mkdir("s", 0777) == 0);
    CHECK(chmod("s", 01777) == 0);
    file("a", 0644), file("c/a", 0644), file("d/a", 04755), file("d/b", 0444), file("s/a", 0666);
    CHECK(symlink("a", "l") == 0 && symlink("d", "m") == 0 && symlink("loop", "loop") == 0 && symlink("nowhere", "dangling") == 0);
    CHECK(symlink("../a", "d/l") == 0 && symlink("../d/", "d/m") == 0 && symlink("a", "s/l") == 0 && symlink("../dangling", "d/dangling") == 0);
    CHECK(mkfifo("fifo", 0644) == 0 && mkfifo("s/fifo", 0666) == 0 && link("d/a", "f") == 0);
    if (getuid() == 0) { /* of somebody else, in a directory where anybody may make such */
        CHECK(symlink("../a", "s/theirs") == 0 && lchown("s/theirs", 1000, 1000) == 0);
        file("s/b", 0666), file("d/theirs", 0600);
        CHECK(chown("s/b", 1000, 1000) == 0 && chown("d/theirs", 1000, 1000) == 0 && lchown("s/fifo", 1000, 1000) == 0);
    }
}

#endif
