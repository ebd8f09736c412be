/* Three threads beside the first, all alive at once: they belong inside their process's record. */
#include "guest.h"

static pthread_barrier_t all;

static void *arrive(void *argument)
{
    pthread_barrier_wait(&all);
    return argument;
}

int main(void)
{
    pthread_t threads[3];
    CHECK(pthread_barrier_init(&all, NULL, 4) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, arrive, NULL) == 0);
    pthread_barrier_wait(&all);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    return 0;
}
