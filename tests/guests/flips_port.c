/* flips_argument CALL TRIES A B PORT_A PORT_B: a thread changes one byte of an argument, to and fro, while the main thread makes the call with it. A (or port A) is allowed,
 * B is not; they differ in one byte. A tracer that judges what it reads and lets the kernel read it again is beaten: the call is made with B. Prints how often it was.
 * What sendto and sendmsg won is counted by whoever listens on port B. */
#include "guest.h"
#include <arpa/inet.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

static volatile char *place;
static char one, other;
static volatile int done;

static void *flip(void *unused)
{
    (void)unused;
    while (!done) {
        *place = other;
        /* Of no constant length: what wins is a change that falls between the two readings. */
        for (volatile int i = 0; i < 300; i++)
            ;
        *place = one;
        for (volatile int i = 0; i < 300; i++)
            ;
    }
    *place = one;
    return NULL;
}

static int is_forbidden(int fd, const char *forbidden)
{
    struct stat got, not;
    CHECK(stat(forbidden, &not) == 0);
    int same = fstat(fd, &got) == 0 && got.st_ino == not.st_ino && got.st_dev == not.st_dev;
    close(fd);
    return same;
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    return address;
}

int main(int argc, char **argv)
{
    CHECK(argc == 7);
    const char *call = argv[1];
    long tries = atol(argv[2]), won = 0, allowed = 0;
    static char path[PATH_MAX];
    strcpy(path, argv[3]);
    static struct sockaddr_in to;
    to = loopback(atoi(argv[5]));
    struct sockaddr_in not_to = loopback(atoi(argv[6]));
    if (strcmp(call, "connect") == 0 || strncmp(call, "send", 4) == 0) {
        size_t at = offsetof(struct sockaddr_in, sin_port) + (((char *)&to.sin_port)[0] == ((char *)&not_to.sin_port)[0]);
        place = (char *)&to + at;
        one = *place;
        other = ((char *)&not_to)[at];
    } else {
        size_t at = 0;
        while (argv[3][at] == argv[4][at])
            at++;
        place = path + at;
        one = argv[3][at];
        other = argv[4][at];
        CHECK(strcmp(argv[3] + at + 1, argv[4] + at + 1) == 0);
    }

    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, flip, NULL) == 0);
    static struct open_how how = { .flags = O_WRONLY | O_CREAT, .mode = 0644 };
    for (long i = 0; i < tries; i++) {
        if (strcmp(call, "open") == 0 || strcmp(call, "creat") == 0 || strcmp(call, "openat2") == 0) {
            int fd = call[4] == 't' ? creat(path, 0644) : call[4] == 'a' ? (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how)
                                                                         : open(path, O_WRONLY | O_CREAT, 0644);
            allowed += fd >= 0;
            won += fd >= 0 && is_forbidden(fd, argv[4]);
        } else if (strcmp(call, "connect") == 0) {
            int fd = socket(AF_INET, SOCK_DGRAM, 0);
            struct sockaddr_in peer;
            socklen_t size = sizeof peer;
            if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 && getpeername(fd, (struct sockaddr *)&peer, &size) == 0) {
                allowed++;
                won += peer.sin_port == not_to.sin_port;
            }
            close(fd);
        } else if (strncmp(call, "send", 4) == 0) {
            static int fd = -1;
            if (fd < 0)
                fd = socket(AF_INET, SOCK_DGRAM, 0);
            struct iovec part = { "x", 1 };
            struct mmsghdr message = { { .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &part, .msg_iovlen = 1 }, 77 };
            if (strcmp(call, "sendto") == 0) {
                allowed += sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to) == 1;
            } else if (strcmp(call, "sendmsg") == 0) {
                allowed += sendmsg(fd, &message.msg_hdr, 0) == 1;
            } else if (sendmmsg(fd, &message, 1, 0) == 1) {
                CHECK(message.msg_len == 1);
                allowed++;
            }
        } else {
            CHECK(strcmp(call, "execve") == 0);
            pid_t child = vfork();
            if (child == 0) {
                execl(path, path, (char *)NULL);
                _exit(42);
            }
            int status = status_of(child);
            CHECK(WIFEXITED(status));
            allowed += WEXITSTATUS(status) == 0;
            won += WEXITSTATUS(status) == 7;
        }
    }
    done = 1;
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(allowed > 0);
    printf("%ld\n", won);
    return 0;
}
