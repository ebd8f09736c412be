/* many_opens THREADS TIMES: threads that open files for writing all at once, each its own; then as many that wait in the open of a FIFO at the same time, so that as many calls
 * are under way. Each must get its own file. */
#include "guest.h"

static int times;
static pthread_barrier_t all;

static void is_named(int fd, const char *name)
{
    struct stat by_fd, by_name;
    CHECK(fd >= 0);
    CHECK(fstat(fd, &by_fd) == 0 && stat(name, &by_name) == 0);
    CHECK(by_fd.st_ino == by_name.st_ino);
    CHECK(close(fd) == 0);
}

static void *opens(void *number)
{
    char name[32];
    snprintf(name, sizeof name, "file%ld", (long)number);
    pthread_barrier_wait(&all);
    for (int i = 0; i < times; i++)
        is_named(open(name, O_WRONLY | O_CREAT, 0644), name);
    return NULL;
}

static void *waits(void *number)
{
    char name[32];
    snprintf(name, sizeof name, "fifo%ld", (long)number);
    pthread_barrier_wait(&all);
    is_named(open(name, O_WRONLY), name);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    long threads = atol(argv[1]);
    times = atoi(argv[2]);
    pthread_t thread[1024];
    CHECK(pthread_barrier_init(&all, NULL, threads) == 0);
    for (long i = 0; i < threads; i++)
        CHECK(pthread_create(&thread[i], NULL, opens, (void *)i) == 0);
    for (long i = 0; i < threads; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);

    char name[32];
    for (long i = 0; i < threads; i++) {
        snprintf(name, sizeof name, "fifo%ld", i);
        CHECK(mkfifo(name, 0600) == 0);
    }
    CHECK(pthread_barrier_destroy(&all) == 0 && pthread_barrier_init(&all, NULL, threads + 1) == 0);
    for (long i = 0; i < threads; i++)
        CHECK(pthread_create(&thread[i], NULL, waits, (void *)i) == 0);
    pthread_barrier_wait(&all);
    int reader[1024];
    for (long i = threads - 1; i >= 0; i--) {
        /* Blocks until the writer is there: nothing here depends on who comes first. */
        snprintf(name, sizeof name, "fifo%ld", i);
        reader[i] = open(name, O_RDONLY);
        CHECK(reader[i] >= 0);
    }
    for (long i = 0; i < threads; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
    return 0;
}
