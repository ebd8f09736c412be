/* thread_storm PATH: threads that come and go faster than anybody can follow; each makes one refused write. 20 rounds of 20. */
#include "guest.h"

static void *attempt(void *path)
{
    refused(path);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    for (int round = 0; round < 20; round++) {
        pthread_t threads[20];
        for (int i = 0; i < 20; i++)
            CHECK(pthread_create(&threads[i], NULL, attempt, argv[1]) == 0);
        for (int i = 0; i < 20; i++)
            CHECK(pthread_join(threads[i], NULL) == 0);
    }
    return 0;
}
