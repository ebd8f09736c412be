/* A write of many megabytes to a pipe and to sockets whose reader is slow, while children end: the SIGCHLD of each interrupts the write of a traced process (its default action is nothing). The
 * call returns when all is written, and the reader gets every byte once. */
#include "guest.h"
#include <sys/socket.h>
#include <sys/un.h>

enum { SIZE = 8 << 20, CHILDREN = 50 };

static unsigned char byte_at(long i) { return (unsigned char)(i * 7 + (i >> 8) * 13 + (i >> 16)); }

static int read_all(int fd)
{
    static unsigned char piece[16384];
    long count = 0;
    for (ssize_t n; (n = read(fd, piece, sizeof piece)) > 0; count += n)
        for (ssize_t i = 0; i < n; i++)
            if (piece[i] != byte_at(count + i))
                return 2;
    return count == SIZE ? 0 : 1;
}

static void writes(const char *name, int reader, int writer)
{
    unsigned char *bytes = malloc(SIZE);
    CHECK(bytes);
    for (long i = 0; i < SIZE; i++)
        bytes[i] = byte_at(i);
    pid_t other = fork();
    CHECK(other >= 0);
    if (other == 0) {
        close(writer);
        _exit(read_all(reader));
    }
    close(reader);
    for (int i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            struct timespec t = { 0, (i + 1) * 1000 * 1000 };
            close(writer);
            nanosleep(&t, NULL);
            _exit(0);
        }
    }
    ssize_t n = write(writer, bytes, SIZE);
    int error = errno;
    close(writer);
    int status = status_of(other);
    for (int i = 0; i < CHILDREN; i++)
        CHECK(wait(NULL) > 0);
    printf("%s: %zd %s, the reader exits with %d\n", name, n, n < 0 ? strerror(error) : "-", WEXITSTATUS(status));
    free(bytes);
}

int main(void)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    writes("pipe", ends[0], ends[1]);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    writes("unix", ends[0], ends[1]);
    return 0;
}
