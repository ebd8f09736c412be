/* A write holds its file's inode until it is over, and who wants to change the inode queues behind all writes that came before: its change waits as long as they take together.
 * argv: threads, MiB of each write, what to change (mode, name or size). Prints "go" when three quarters of the writes wait for each other, or no longer can, and then how long the change took, in
 * milliseconds.
 * All write the same pages, from memory that is nowhere: neither disk nor memory is filled. */
#include "guest.h"

static int file;
static size_t size;
static char *zeros;
static pthread_barrier_t all;

static int tids[1024];
static _Atomic int written;

/* Who waits for an inode is in state D. */
static int is_waiting(int tid)
{
    char name[64], text[512] = "";
    snprintf(name, sizeof name, "/proc/self/task/%d/stat", tid);
    int stat = open(name, O_RDONLY | O_CLOEXEC);
    if (stat < 0)
        return 0;
    CHECK(read(stat, text, sizeof text - 1) > 0 && close(stat) == 0);
    char *state = strrchr(text, ')');
    return state != NULL && state[2] == 'D';
}

static void *writes(void *argument)
{
    *(int *)argument = gettid();
    pthread_barrier_wait(&all);
    CHECK(pwrite(file, zeros, size, 0) > 0);
    written++;
    return NULL;
}

int main(int argc, char **argv)
{
    int threads = argc == 4 ? atoi(argv[1]) : 0;
    CHECK(threads > 0 && threads <= 1024);
    size = (size_t)atoi(argv[2]) << 20;
    zeros = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    file = open("held", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    CHECK(zeros != MAP_FAILED && file >= 0 && mkdir("other", 0755) == 0);
    pthread_barrier_init(&all, NULL, (unsigned)threads + 1);
    for (int i = 0; i < threads; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, writes, &tids[i]) == 0);
    }
    struct timespec before, after;
    pthread_barrier_wait(&all);
    for (int waiting = 0; waiting < threads * 3 / 4 && written <= threads / 4;) {
        waiting = 0;
        for (int i = 0; i < threads; i++)
            waiting += is_waiting(tids[i]);
    }
    CHECK(write(1, "go\n", 3) == 3);
    clock_gettime(CLOCK_MONOTONIC, &before);
    switch (argv[3][0]) {
    case 'm': CHECK(fchmod(file, 0600) == 0); break;
    case 'n': CHECK(rename("held", "other/held") == 0); break;
    default: CHECK(truncate("held", 1) == 0); break;
    }
    clock_gettime(CLOCK_MONOTONIC, &after);
    dprintf(1, "%ld\n", (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000);
    _exit(0);
}
