/* An orphan goes to the nearest subreaper (prctl(2)), which waits for it as for its own child. */
#include "guest.h"
#include <sys/prctl.h>

int main(void)
{
    int told[2];
    CHECK(pipe(told) == 0 && prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
    pid_t maker = fork();
    CHECK(maker >= 0);
    if (maker == 0) {
        pid_t self = getpid(), orphan = fork();
        CHECK(orphan >= 0);
        if (orphan == 0) {
            while (getppid() == self)
                sched_yield();
            _exit(9);
        }
        CHECK(write(told[1], &orphan, sizeof orphan) == sizeof orphan);
        _exit(1);
    }
    pid_t orphan;
    CHECK(read(told[0], &orphan, sizeof orphan) == sizeof orphan);
    exits_with(maker, 1);
    exits_with(orphan, 9);
    return 0;
}
