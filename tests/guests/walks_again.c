/* unix_stream_connect (net/unix/af_unix.c) walks the path of its address again each time that it has waited for room in the listener's backlog. So a connect that
 * waits is a race that can be won at leisure: exchange what the path leads to, then make room.
 *
 *   walks_again exchange|rename forever|timeout INSIDE OUTSIDE
 *
 * A thread connects to INSIDE/d/s, whose backlog is full. While it waits, either INSIDE/d is exchanged for a link to OUTSIDE, where another s listens, or something
 * else is renamed again and again, which is no business of the thread's; then there is room. Says what connect gave: 0, or its errno. With a timeout, a call that is
 * interrupted is not restarted by the kernel (sock_intr_errno). */
#include "guest.h"
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

static char directory[PATH_MAX], aside[PATH_MAX];
static struct sockaddr_un address = { .sun_family = AF_UNIX };
static volatile pid_t connector;
static int has_timeout;

static int stream(int flags)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    CHECK(fd >= 0);
    return fd;
}

static void *connects(void *result)
{
    int fd = stream(0);
    struct timeval long_enough = { .tv_sec = 60 };
    if (has_timeout)
        CHECK(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &long_enough, sizeof long_enough) == 0);
    connector = (pid_t)syscall(SYS_gettid);
    *(int *)result = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ? 0 : errno;
    return NULL;
}

/* Whether the thread sleeps in its call (S), and not because it is traced (t) or has not come there yet. */
static int sleeps(void)
{
    char path[64], text[256] = { 0 };
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", connector);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0 && read(fd, text, sizeof text - 1) > 0 && close(fd) == 0);
    return strrchr(text, ')')[2] == 'S';
}

static void wait_until_it_sleeps(void)
{
    for (int in_a_row = 0; in_a_row < 20; in_a_row = connector != 0 && sleeps() ? in_a_row + 1 : 0)
        usleep(1000);
}

int main(int argc, char **argv)
{
    CHECK(argc == 5);
    int exchanges = strcmp(argv[1], "exchange") == 0, result = -1, filled = 0;
    has_timeout = strcmp(argv[2], "timeout") == 0;
    snprintf(directory, sizeof directory, "%s/d", argv[3]);
    snprintf(aside, sizeof aside, "%s/aside", argv[3]);
    CHECK(mkdir(directory, 0755) == 0);
    CHECK((size_t)snprintf(address.sun_path, sizeof address.sun_path, "%s/d/s", argv[3]) < sizeof address.sun_path);

    int listener = stream(SOCK_NONBLOCK);
    CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 0) == 0);
    while (connect(stream(SOCK_NONBLOCK), (struct sockaddr *)&address, sizeof address) == 0)
        filled++;
    CHECK(errno == EAGAIN && filled > 0);

    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, connects, &result) == 0);
    wait_until_it_sleeps();
    if (exchanges) {
        /* At once: in between, there would be nothing there, and ENOENT a right answer. */
        CHECK(symlink(argv[4], aside) == 0);
        CHECK(syscall(SYS_renameat2, AT_FDCWD, directory, AT_FDCWD, aside, 2 /* RENAME_EXCHANGE */) == 0);
    } else {
        for (int i = 0; i < 50; i++) {
            CHECK(mkdir(aside, 0755) == 0);
            strcat(aside, "x");
            CHECK(symlink("nowhere", aside) == 0 && unlink(aside) == 0);
            aside[strlen(aside) - 1] = 0;
            CHECK(rmdir(aside) == 0);
        }
        wait_until_it_sleeps();
    }
    while (filled-- > 0)
        CHECK(accept(listener, NULL, NULL) >= 0);
    CHECK(pthread_join(thread, NULL) == 0);
    printf("%d\n", result);
    return 0;
}
