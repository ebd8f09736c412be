/* A child is stopped and continued by somebody outside of the session; its parent inside is told. Says the child's number, then what it
 * saw, each on a line. */
#include "guest.h"

int main(void)
{
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        for (;;)
            pause();
    dprintf(1, "child %d\n", child);
    CHECK(waitpid(child, &status, WUNTRACED) == child);
    CHECK(WIFSTOPPED(status));
    dprintf(1, "stopped %d\n", WSTOPSIG(status));
    CHECK(waitpid(child, &status, WCONTINUED) == child);
    CHECK(WIFCONTINUED(status));
    dprintf(1, "continued\n");
    status = status_of(child);
    CHECK(WIFSIGNALED(status));
    dprintf(1, "ended %d\n", WTERMSIG(status));
    return 0;
}
