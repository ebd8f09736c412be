/* exchanges_pool KIND [ROUND]: a tracer has slots mapped in this process, at its first call that needs one, and sealed then. A signal handler that comes in between has as much time as it likes. It
 * changes what was mapped: puts pages of its own there into which reads are under way (O_DIRECT), takes it away, marks it not to be copied by fork, forks. Whatever is sealed after that, the
 * call must not go by what this process can still change. Prints the errno of the call; executes itself again where the handler came too late. */
#include "slot.h"
#include <linux/aio_abi.h>

#ifndef MAP_DROPPABLE
#define MAP_DROPPABLE 0x08
#endif

static volatile int changed, stop;
static const char *kind;
static char name[64], pattern[20480 * 4];
static int direct = -1, alias = -1;
static aio_context_t context;
static pid_t forked;

/* Which mapping is new is told by what it is: private, anonymous, for reading alone. */
static int find(char **start, size_t *size)
{
    static char text[65536];
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC), length = 0, n;
    while (fd >= 0 && (n = (int)read(fd, text + length, sizeof text - 1 - length)) > 0)
        length += n;
    close(fd);
    text[length] = 0;
    for (char *line = text, *next; (next = strchr(line, '\n')) != NULL; line = next + 1) {
        unsigned long a, b, inode;
        char perms[8];
        int rest = 0;
        if (sscanf(line, "%lx-%lx %4s %*s %*s %lu %n", &a, &b, perms, &inode, &rest) == 4 && strcmp(perms, "r--p") == 0 && inode == 0 && b - a >= 65536
            && line + rest == next + 1) {
            *start = (char *)a;
            *size = b - a;
            return 1;
        }
    }
    return 0;
}

static void *replace(char *at, size_t size, int prot, int flags, int fd)
{
    char *new = mmap(at, size, prot, flags | MAP_FIXED, fd, 0);
    return new == MAP_FAILED ? NULL : new;
}

static int is(const char *what)
{
    return strcmp(kind, what) == 0;
}

/* 1 where it was changed; sealed already, nothing works. */
static int change(char *at, size_t size)
{
    const int own = MAP_PRIVATE | MAP_ANONYMOUS;
    if (is("pages") || is("pinned") || is("dropped")) {
        if (!replace(at, size, PROT_READ | PROT_WRITE, own, -1))
            return 0;
        memset(at, 0, size);
        if (!is("pages")) {
            static struct iocb request[32], *requests[32];
            for (int i = 0; i < 32; i++) {
                request[i] = (struct iocb){ .aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = (unsigned)direct, .aio_buf = (unsigned long)at, .aio_nbytes = 61440 };
                requests[i] = &request[i];
            }
            if (direct >= 0)
                CHECK(syscall(SYS_io_submit, context, 32, requests) > 0);
        }
        if (is("dropped"))
            CHECK(madvise(at, size, MADV_DONTNEED) == 0);
        return mprotect(at, size, PROT_READ) == 0;
    }
    if (is("written")) {
        /* A page of the mapping itself, not of another. */
        if (mprotect(at, size, PROT_READ | PROT_WRITE) != 0)
            return 0;
        at[size / 2] = 1;
        return mprotect(at, size, PROT_READ) == 0;
    }
    if (is("writable"))
        return mprotect(at, size, PROT_READ | PROT_WRITE) == 0;
    if (is("shared"))
        return replace(at, size, PROT_READ, MAP_SHARED, alias) != NULL;
    if (is("file"))
        return replace(at, size, PROT_READ, MAP_PRIVATE, alias) != NULL;
    if (is("gone"))
        return munmap(at, size) == 0;
    if (is("hole"))
        return munmap(at + size / 2, 4096) == 0;
    if (is("grows"))
        return replace(at, size, PROT_READ, own | MAP_GROWSDOWN, -1) != NULL;
    if (is("droppable"))
        return replace(at, size, PROT_READ, MAP_DROPPABLE | MAP_ANONYMOUS, -1) != NULL;
    if (is("dontfork"))
        return madvise(at, size, MADV_DONTFORK) == 0;
    if (is("wipeonfork"))
        return madvise(at, size, MADV_WIPEONFORK) == 0;
    if (is("guarded"))
        return madvise(at, size, 102 /* MADV_GUARD_INSTALL */) == 0;
    if (is("sealed"))
        return mprotect(at, size, PROT_READ) == 0 && syscall(462, at + 4096, size - 8192, 0) == 0;
    CHECK(is("fork"));
    if (mprotect(at, size, PROT_READ) != 0)
        return 0; /* it is sealed */
    forked = fork();
    if (forked == 0) {
        changed = stop = 1;
        opens_sealed("forked");
        _exit(0);
    }
    return 1;
}

static void handler(int signal)
{
    (void)signal;
    char *at;
    size_t size;
    int error = errno;
    if (!changed && find(&at, &size))
        changed = change(at, size);
    errno = error;
}

static void *signals(void *main_thread)
{
    while (!stop) {
        syscall(SYS_tgkill, getpid(), (pid_t)(long)main_thread, SIGUSR1);
        for (volatile int i = 0; i < 2000; i++)
            ;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc >= 2);
    kind = argv[1];
    int round = argc > 2 ? atoi(argv[2]) : 0;
    snprintf(name, sizeof name, "file");
    alias = (int)syscall(SYS_memfd_create, "alias", 0);
    CHECK(alias >= 0 && ftruncate(alias, 1 << 20) == 0);
    if (is("pinned") || is("dropped")) {
        if (round == 0) {
            pid_t child = fork();
            if (child == 0) {
                int fd = open("image", O_WRONLY | O_CREAT, 0644);
                memset(pattern, 'p', sizeof pattern);
                CHECK(fd >= 0 && write(fd, pattern, sizeof pattern) == sizeof pattern && fsync(fd) == 0);
                _exit(0);
            }
            exits_with(child, 0);
        }
        direct = open("image", O_RDONLY | O_DIRECT);
        CHECK(syscall(SYS_io_setup, 64, &context) == 0);
    }

    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, signals, (void *)(long)getpid()) == 0);
    int fd = open(name, O_WRONLY | O_CREAT, 0644), error = fd < 0 ? errno : 0;
    stop = 1;
    CHECK(pthread_join(thread, NULL) == 0);
    if (!changed) {
        CHECK(round < 300 && unlink(name) == 0);
        char next[16];
        snprintf(next, sizeof next, "%d", round + 1);
        execl("/proc/self/exe", argv[0], kind, next, (char *)NULL);
        CHECK(0);
    }
    if (forked > 0)
        exits_with(forked, 0);
    if (error == 0) {
        opens_sealed(name);
        pid_t child = fork();
        if (child == 0) {
            opens_sealed("child");
            _exit(0);
        }
        exits_with(child, 0);
    }
    dprintf(1, "%d", error);
    return 0;
}
