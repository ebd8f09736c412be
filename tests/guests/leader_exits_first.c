/* leader_exits_first PATH: the first thread ends and the process lives on in another one (a zombie leader); its exit code is the last's. */
#include "guest.h"

static pthread_t leader;

static void *last(void *path)
{
    CHECK(pthread_join(leader, NULL) == 0);
    refused(path);
    _exit(12);
}

int main(int argc, char **argv)
{
    pthread_t thread;
    CHECK(argc == 2);
    leader = pthread_self();
    CHECK(pthread_create(&thread, NULL, last, argv[1]) == 0);
    pthread_exit(NULL);
}
