/* kill_grandchild PATH: a process that kills its grandchild goes on as if nothing had been: the child reaps it, the run is not ended,
 * and the next refused write is still seen. */
#include "guest.h"

int main(int argc, char **argv)
{
    int told[2];
    CHECK(argc == 2 && pipe(told) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        pid_t grandchild = fork();
        CHECK(grandchild >= 0);
        if (grandchild == 0)
            for (;;)
                pause();
        CHECK(write(told[1], &grandchild, sizeof grandchild) == sizeof grandchild);
        int status = status_of(grandchild);
        CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        _exit(3);
    }
    pid_t grandchild;
    CHECK(read(told[0], &grandchild, sizeof grandchild) == sizeof grandchild);
    CHECK(kill(grandchild, SIGKILL) == 0);
    exits_with(child, 3);
    refused(argv[1]);
    return 0;
}
