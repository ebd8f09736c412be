/* A daemon made as daemons are (double fork, setsid) outlives the first process. Says its number; it would stay for ever. */
#include "guest.h"

int main(void)
{
    int told[2];
    pid_t daemon;
    CHECK(pipe(told) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(setsid() > 0);
        daemon = fork();
        CHECK(daemon >= 0);
        if (daemon > 0)
            _exit(0);
        daemon = getpid();
        CHECK(write(told[1], &daemon, sizeof daemon) == sizeof daemon);
        for (;;)
            pause();
    }
    exits_with(child, 0);
    CHECK(read(told[0], &daemon, sizeof daemon) == sizeof daemon);
    dprintf(1, "daemon %d\n", daemon);
    return 3;
}
