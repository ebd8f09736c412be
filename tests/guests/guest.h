/* What every guest shares: a check that says where it failed, and the refused write that most of them make.
 * A guest checks itself: it exits with 0 where the kernel behaved as it says in its head, and with 99 after one line on stderr. */
#ifndef GUEST_H
#define GUEST_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition)                                                                                       \
    do {                                                                                                       \
        if (!(condition)) {                                                                                    \
            dprintf(2, "%s:%d: not so: %s (errno %d)\n", __FILE__, __LINE__, #condition, errno);               \
            _exit(99);                                                                                         \
        }                                                                                                      \
    } while (0)

/* The errno of opening a path for writing, made if it is not there; 0 where that works. */
static inline int write_errno(const char *path)
{
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
        return errno;
    close(fd);
    return 0;
}

/* A write that the policy refuses. Outside of a sandbox the same guest runs with GUEST_WRITE_ERRNO=0. */
static inline void refused(const char *path)
{
    const char *expected = getenv("GUEST_WRITE_ERRNO");
    int got = write_errno(path);
    errno = got;
    CHECK(got == (expected ? atoi(expected) : EACCES));
}

/* Waits for one child and gives its wait status. */
static inline int status_of(pid_t pid)
{
    int status;
    pid_t got;
    do
        got = waitpid(pid, &status, __WALL);
    while (got < 0 && errno == EINTR);
    CHECK(got == pid);
    return status;
}

/* A child that must exit with a code. */
static inline void exits_with(pid_t pid, int code)
{
    int status = status_of(pid);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == code);
}

/* Reads one byte (blocking): how guests wait for each other. False at the end of the pipe. */
static inline int wait_byte(int fd)
{
    char c;
    ssize_t n;
    do
        n = read(fd, &c, 1);
    while (n < 0 && errno == EINTR);
    return n == 1;
}

static inline void send_byte(int fd)
{
    CHECK(write(fd, "x", 1) == 1);
}

/* A stack for clone(CLONE_VM); gives its upper end. */
static inline void *stack_top(void)
{
    size_t size = 256 * 1024;
    char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    CHECK(stack != MAP_FAILED);
    return stack + size;
}

#endif
