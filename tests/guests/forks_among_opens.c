/* forks_among_opens COUNT: threads open files for writing, more and more of them at a time, while others fork. A child has of its maker's memory what was there when it was copied, and it opens a
 * file by it: its own, through pages that nobody can change. */
#include "slot.h"

static volatile int stop;

static void *opens(void *number)
{
    char name[32];
    snprintf(name, sizeof name, "file%ld", (long)number);
    while (!stop)
        CHECK(write_errno(name) == 0);
    return NULL;
}

static void *waits(void *number)
{
    char name[32];
    snprintf(name, sizeof name, "fifo%ld", (long)number);
    int fd = open(name, O_WRONLY | O_CLOEXEC);
    CHECK(fd >= 0);
    close(fd);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    long count = atol(argv[1]);
    pthread_t opener[2], waiter[64];
    char name[32];
    for (long i = 0; i < 2; i++)
        CHECK(pthread_create(&opener[i], NULL, opens, (void *)i) == 0);
    for (long i = 0; i < count; i++) {
        if (i < 64) {
            snprintf(name, sizeof name, "fifo%ld", i);
            CHECK(mkfifo(name, 0600) == 0 && pthread_create(&waiter[i], NULL, waits, (void *)i) == 0);
        }
        pid_t child = fork();
        if (child == 0) {
            snprintf(name, sizeof name, "child%ld", i);
            opens_sealed(name);
            _exit(0);
        }
        exits_with(child, 0);
    }
    stop = 1;
    for (long i = 0; i < 64 && i < count; i++) {
        snprintf(name, sizeof name, "fifo%ld", i);
        CHECK(open(name, O_RDONLY | O_CLOEXEC) >= 0);
        CHECK(pthread_join(waiter[i], NULL) == 0);
    }
    for (long i = 0; i < 2; i++)
        CHECK(pthread_join(opener[i], NULL) == 0);
    return 0;
}
