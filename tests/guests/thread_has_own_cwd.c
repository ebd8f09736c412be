/* thread_has_own_cwd DIR: after unshare(CLONE_FS) one thread has a working directory of its own, and /proc/PID/cwd shows the leader's. */
#include "guest.h"

static void *elsewhere(void *directory)
{
    CHECK(unshare(CLONE_FS) == 0);
    CHECK(chdir(directory) == 0);
    refused("theirs");
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    CHECK(argc == 2);
    CHECK(pthread_create(&thread, NULL, elsewhere, argv[1]) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(write_errno("mine") == 0);
    return 0;
}
