/* exit_with_busy_threads PATH: exit_group while other threads are in refused calls: all of them vanish, the code is the caller's. */
#include "guest.h"

static int ready[2];

static void *loop(void *path)
{
    send_byte(ready[1]);
    for (;;)
        refused(path);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    for (int round = 0; round < 20; round++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            pthread_t thread;
            CHECK(pipe(ready) == 0);
            for (int i = 0; i < 8; i++)
                CHECK(pthread_create(&thread, NULL, loop, argv[1]) == 0);
            for (int i = 0; i < 8; i++)
                CHECK(wait_byte(ready[0]));
            _exit(11);
        }
        exits_with(child, 11);
    }
    return 0;
}
