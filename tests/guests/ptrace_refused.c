/* A process has one tracer, and a guest's is ours: TRACEME, ATTACH and SEIZE inside are EPERM, as for any process that is already traced. */
#include "guest.h"
#include <sys/ptrace.h>

int main(void)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    CHECK(ptrace(PTRACE_TRACEME, 0, 0, 0) == -1 && errno == EPERM);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(ptrace(PTRACE_TRACEME, 0, 0, 0) == -1 && errno == EPERM);
        CHECK(ptrace(PTRACE_ATTACH, getppid(), 0, 0) == -1 && errno == EPERM);
        wait_byte(ends[0]);
        _exit(0);
    }
    CHECK(ptrace(PTRACE_ATTACH, child, 0, 0) == -1 && errno == EPERM);
    CHECK(ptrace(PTRACE_SEIZE, child, 0, 0) == -1 && errno == EPERM);
    send_byte(ends[1]);
    exits_with(child, 0);
    return 0;
}
