/* thread_limit: threads count against the limit of processes too; prints how many could be made beside the first. */
#include "guest.h"

static void *sleeps(void *argument)
{
    for (;;)
        pause();
    return argument;
}

int main(void)
{
    int count = 0, error;
    pthread_t thread;
    while ((error = pthread_create(&thread, NULL, sleeps, NULL)) == 0)
        CHECK(++count < 200);
    CHECK(error == EAGAIN);
    printf("%d\n", count);
    return 0;
}
