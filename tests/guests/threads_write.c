/* threads_write PATH: four attempts in three threads are four violations: each thread stops by itself. */
#include "guest.h"

struct work { const char *path; int attempts; };

static void *attempt(void *argument)
{
    struct work *work = argument;
    for (int i = 0; i < work->attempts; i++)
        refused(work->path);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    struct work work[3] = { { argv[1], 2 }, { argv[1], 1 }, { argv[1], 1 } };
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, attempt, &work[i]) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    return 0;
}
