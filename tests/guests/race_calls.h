/* The calls that are raced: how each is made on (descriptor, path), what must stand at its target before, and how the outside looks when it has
 * happened there. Part of race.h. */
#ifndef RACE_CALLS_H
#define RACE_CALLS_H

enum object { NOTHING, FILE_OBJECT, DIRECTORY_OBJECT, PROGRAM, STREAM, DATAGRAM };

struct call {
    const char *name;
    enum object object;               /* what t is, inside and outside */
    long (*make)(struct race *race);  /* 0 or above, or -errno */
    int (*changed)(struct race *race, const struct stat *outside); /* outside is null where nothing is there; null for a change of existence */
    void (*aim)(struct race *race);   /* where something else than the path is changed */
};

#define YEAR_2001 1000000000
static const struct timespec year_2001[2] = { { YEAR_2001, 0 }, { YEAR_2001, 0 } };

/* A program that makes a file and exits, INSIDE/executed for the one that stands outside: x86-64 code in the least ELF file that the kernel takes. */
static void write_program(struct race *race, int dir)
{
    static const unsigned char code[] = {
        0x48, 0x8d, 0x3d, 0x15, 0, 0, 0, /* lea rdi, [rip + 21]: the path behind the code */
        0xbe, 0xa4, 0x01, 0, 0,          /* mov esi, 0644 */
        0xb8, 85, 0, 0, 0,               /* mov eax, creat */
        0x0f, 0x05,                      /* syscall */
        0x31, 0xff,                      /* xor edi, edi */
        0xb8, 60, 0, 0, 0,               /* mov eax, exit */
        0x0f, 0x05,                      /* syscall */
    };
    _Static_assert(sizeof code == 28, "the path lies 21 bytes behind the first instruction");
    unsigned char image[512] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };
    uint64_t base = 0x400000;
#define PUT(type, at, value) (*(type *)(image + (at)) = (type)(value))
    PUT(uint16_t, 16, 2), PUT(uint16_t, 18, 62), PUT(uint32_t, 20, 1);  /* ET_EXEC, EM_X86_64 */
    PUT(uint64_t, 24, base + 120), PUT(uint64_t, 32, 64);               /* entry, program headers */
    PUT(uint16_t, 52, 64), PUT(uint16_t, 54, 56), PUT(uint16_t, 56, 1); /* sizes, one header */
    PUT(uint32_t, 64, 1), PUT(uint32_t, 68, 5);                         /* PT_LOAD, read and execute */
    PUT(uint64_t, 80, base), PUT(uint64_t, 88, base);
    PUT(uint64_t, 96, sizeof image), PUT(uint64_t, 104, sizeof image), PUT(uint64_t, 112, 4096);
    memcpy(image + 120, code, sizeof code);
    snprintf((char *)image + 120 + sizeof code, sizeof image - 120 - sizeof code, "%s/%s", race->inside,
             dir == race->out ? "executed" : "ran");
    int fd = openat(dir, "t", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    CHECK(fd >= 0 && write(fd, image, sizeof image) == (ssize_t)sizeof image && close(fd) == 0);
}

/* Puts t into its first state, inside again and again. */
static void make_object(struct race *race, int dir)
{
    struct stat there;
    int exists = fstatat(dir, "t", &there, AT_SYMLINK_NOFOLLOW) == 0;
    if (dir == race->decoy && race->call->object == NOTHING) { /* what rename and link begin with */
        int fd = open(race->source, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        CHECK(fd >= 0 && close(fd) == 0);
    }
    switch (race->call->object) {
    case NOTHING:
        if (exists)
            CHECK(unlinkat(dir, "t", S_ISDIR(there.st_mode) ? AT_REMOVEDIR : 0) == 0);
        break;
    case FILE_OBJECT:
        if (!exists) {
            int fd = openat(dir, "t", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
            CHECK(fd >= 0 && write(fd, "content", 7) == 7);
            CHECK(fchmod(fd, 04755) == 0 && close(fd) == 0); /* a change of the owner takes the 04000 away, also to the same owner */
        }
        break;
    case DIRECTORY_OBJECT:
        if (!exists)
            CHECK(mkdirat(dir, "t", 0755) == 0);
        break;
    case PROGRAM:
        if (!exists)
            write_program(race, dir);
        break;
    case STREAM:
    case DATAGRAM:
        if (!exists && dir != race->out) { /* the receiver outside is the test's */
            struct sockaddr_un here = { .sun_family = AF_UNIX };
            snprintf(here.sun_path, sizeof here.sun_path, "/proc/self/fd/%d/t", dir);
            race->socket = socket(AF_UNIX, (race->call->object == STREAM ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            CHECK(race->socket >= 0 && bind(race->socket, (struct sockaddr *)&here, sizeof here) == 0);
            CHECK(race->call->object == DATAGRAM || listen(race->socket, 16) == 0);
        }
        break;
    }
}

/* --- making a call --- */

static long result_of(long result)
{
    return result < 0 ? -errno : result;
}

#define HAS_DIR (race->dir != AT_FDCWD)
#define PATH path_of(race)
/* The old call where there is no descriptor, the ...at call where there is one. */
#define EITHER(plain, at) result_of(HAS_DIR ? syscall at : syscall plain)
#define MAKE(id, expression) static long id(struct race *race) { return expression; }

static long opened(long fd)
{
    if (fd < 0)
        return -errno;
    close((int)fd);
    return 0;
}

MAKE(make_open, opened(HAS_DIR ? syscall(SYS_openat, race->dir, PATH, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)
                               : syscall(SYS_open, PATH, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)))
MAKE(make_open_trunc, opened(HAS_DIR ? syscall(SYS_openat, race->dir, PATH, O_WRONLY | O_TRUNC | O_CLOEXEC)
                                     : syscall(SYS_open, PATH, O_WRONLY | O_TRUNC | O_CLOEXEC)))
static const struct open_how truncating = { .flags = O_WRONLY | O_TRUNC | O_CLOEXEC };
MAKE(make_openat2, opened(syscall(SYS_openat2, race->dir, PATH, &truncating, sizeof truncating)))
MAKE(make_creat, opened(syscall(SYS_creat, PATH, 0644)))
MAKE(make_truncate, result_of(syscall(SYS_truncate, PATH, 0L)))
MAKE(make_unlink, EITHER((SYS_unlink, PATH), (SYS_unlinkat, race->dir, PATH, 0)))
MAKE(make_rename, EITHER((SYS_rename, PATH, race->moved), (SYS_renameat, race->dir, PATH, AT_FDCWD, race->moved)))
MAKE(make_rename_to, EITHER((SYS_rename, race->source, PATH), (SYS_renameat, AT_FDCWD, race->source, race->dir, PATH)))
MAKE(make_mkdir, EITHER((SYS_mkdir, PATH, 0755), (SYS_mkdirat, race->dir, PATH, 0755)))
MAKE(make_rmdir, EITHER((SYS_rmdir, PATH), (SYS_unlinkat, race->dir, PATH, AT_REMOVEDIR)))
MAKE(make_link, EITHER((SYS_link, race->source, PATH), (SYS_linkat, AT_FDCWD, race->source, race->dir, PATH, 0)))
MAKE(make_symlink, EITHER((SYS_symlink, "text", PATH), (SYS_symlinkat, "text", race->dir, PATH)))
MAKE(make_mknod, EITHER((SYS_mknod, PATH, S_IFIFO | 0644, 0), (SYS_mknodat, race->dir, PATH, S_IFIFO | 0644, 0)))
MAKE(make_chmod, EITHER((SYS_chmod, PATH, 0600), (SYS_fchmodat, race->dir, PATH, 0600)))
MAKE(make_chown, EITHER((SYS_chown, PATH, getuid(), getgid()), (SYS_fchownat, race->dir, PATH, getuid(), getgid(), 0)))
MAKE(make_utimensat, result_of(syscall(SYS_utimensat, race->dir, PATH, year_2001, 0)))
MAKE(make_setxattr, result_of(syscall(SYS_setxattr, PATH, "user.catbox", "v", 1L, 0)))
MAKE(make_fchmod, result_of(syscall(SYS_fchmod, race->dir, 0600)))
MAKE(make_fchown, result_of(syscall(SYS_fchown, race->dir, getuid(), getgid())))
MAKE(make_futimens, result_of(syscall(SYS_utimensat, race->dir, NULL, year_2001, 0)))
MAKE(make_fsetxattr, result_of(syscall(SYS_fsetxattr, race->dir, "user.catbox", "v", 1L, 0)))

/* An outside file that gets a name inside could be written by it. */
static long make_link_from(struct race *race)
{
    if (access(race->moved, F_OK) == 0)
        CHECK(unlink(race->moved) == 0);
    return result_of(syscall(SYS_linkat, race->dir, PATH, AT_FDCWD, race->moved, AT_SYMLINK_FOLLOW));
}

static int execute(void *argument)
{
    struct race *race = argument;
    char *arguments[] = { "t", NULL }, *environment[] = { NULL };
    if (HAS_DIR)
        syscall(SYS_execveat, race->dir, PATH, arguments, environment, 0);
    else
        syscall(SYS_execve, PATH, arguments, environment);
    _exit(errno);
}

/* The child shares everything with its maker, so that whoever changes something for the one changes it for the other. */
static long make_execve(struct race *race)
{
    static char stack[32768] __attribute__((aligned(16)));
    char mark[PATH_MAX];
    snprintf(mark, sizeof mark, "%s/executed", race->inside);
    pid_t child = clone(execute, stack + sizeof stack, CLONE_VM | CLONE_VFORK | CLONE_FS | CLONE_FILES | SIGCHLD, race);
    CHECK(child > 0);
    int status = status_of(child);
    if (WIFSIGNALED(status)) {
        /* Another program than the one that was judged: killed before its first instruction. */
        CHECK(WTERMSIG(status) == SIGKILL);
        return -EACCES;
    }
    CHECK(WIFEXITED(status));
    return -WEXITSTATUS(status);
}

#include "race_sockets.h"

/* --- what is won --- */

static int truncated(struct race *race, const struct stat *outside)
{
    (void)race;
    return outside && outside->st_size == 0;
}

static int of_mode_0600(struct race *race, const struct stat *outside)
{
    (void)race;
    return outside && (outside->st_mode & 07777) == 0600;
}

static int without_setuid(struct race *race, const struct stat *outside)
{
    (void)race;
    return outside && (outside->st_mode & 04000) == 0;
}

static int of_2001(struct race *race, const struct stat *outside)
{
    (void)race;
    return outside && outside->st_mtime == YEAR_2001;
}

static int with_attribute(struct race *race, const struct stat *outside)
{
    char path[PATH_MAX], value[8];
    (void)outside;
    snprintf(path, sizeof path, "%s/t", race->outside);
    return getxattr(path, "user.catbox", value, sizeof value) > 0;
}

static int of_two_names(struct race *race, const struct stat *outside)
{
    (void)race;
    return outside && outside->st_nlink > 1;
}

static int executed(struct race *race, const struct stat *outside)
{
    char mark[PATH_MAX];
    (void)outside;
    snprintf(mark, sizeof mark, "%s/executed", race->inside);
    return access(mark, F_OK) == 0;
}

/* What the call has seen itself. */
static int told(struct race *race, const struct stat *outside)
{
    (void)outside;
    return race->won;
}

static const struct call calls[] = {
    { "open", NOTHING, make_open, NULL, NULL },
    { "open-trunc", FILE_OBJECT, make_open_trunc, truncated, NULL },
    { "openat2", FILE_OBJECT, make_openat2, truncated, NULL },
    { "creat", NOTHING, make_creat, NULL, NULL },
    { "truncate", FILE_OBJECT, make_truncate, truncated, NULL },
    { "unlink", FILE_OBJECT, make_unlink, NULL, NULL },
    { "rename", FILE_OBJECT, make_rename, NULL, NULL },
    { "rename-to", NOTHING, make_rename_to, NULL, NULL },
    { "mkdir", NOTHING, make_mkdir, NULL, NULL },
    { "rmdir", DIRECTORY_OBJECT, make_rmdir, NULL, NULL },
    { "link", NOTHING, make_link, NULL, NULL },
    { "link-from", FILE_OBJECT, make_link_from, of_two_names, NULL },
    { "symlink", NOTHING, make_symlink, NULL, NULL },
    { "mknod", NOTHING, make_mknod, NULL, NULL },
    { "chmod", FILE_OBJECT, make_chmod, of_mode_0600, NULL },
    { "chown", FILE_OBJECT, make_chown, without_setuid, NULL },
    { "utimensat", FILE_OBJECT, make_utimensat, of_2001, NULL },
    { "setxattr", FILE_OBJECT, make_setxattr, with_attribute, NULL },
    { "execve", PROGRAM, make_execve, executed, NULL },
    { "connect", STREAM, make_connect, told, NULL },
    { "bind", NOTHING, make_bind, NULL, NULL },
    { "sendto", DATAGRAM, make_sendto, told, NULL },
    { "sendmsg", DATAGRAM, make_sendmsg, told, NULL },
    { "sendmmsg", DATAGRAM, make_sendmmsg, told, NULL },
    { "fchmod", FILE_OBJECT, make_fchmod, of_mode_0600, NULL },
    { "fchown", FILE_OBJECT, make_fchown, without_setuid, NULL },
    { "futimens", FILE_OBJECT, make_futimens, of_2001, NULL },
    { "fsetxattr", FILE_OBJECT, make_fsetxattr, with_attribute, NULL },
    { "openat2-how", FILE_OBJECT, make_openat2_how, truncated, aim_at_how },
    { "sendmsg-name", DATAGRAM, make_sendmsg_name, told, aim_at_name },
    { "connect-internet", NOTHING, make_connect_internet, told, aim_at_port },
};

static const struct call *find_call(const char *name)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(calls[i].name, name) == 0)
            return &calls[i];
    CHECK(!"a known call");
    return NULL;
}

static int has_won(struct race *race)
{
    struct stat there;
    int exists = fstatat(race->out, "t", &there, AT_SYMLINK_NOFOLLOW) == 0;
    if (race->call->changed)
        return race->call->changed(race, exists ? &there : NULL);
    return exists == (race->call->object == NOTHING);
}

#endif
