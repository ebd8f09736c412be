/* nices_group GROUP: setpriority(2) and ioprio_set(2) on a group reach all of its members. GROUP is outside: EPERM, by its number. A group that this process has made is its own, by
 * number and as 0. A group that nobody is in is ESRCH. */
#include "guest.h"
#include <sys/resource.h>

#define IOPRIO_WHO_PGRP 2
#define IDLE (3 << 13)

int main(int count, char **arguments)
{
    CHECK(count == 2);
    pid_t outside = atoi(arguments[1]);
    CHECK(setpriority(PRIO_PGRP, (id_t)outside, 15) == -1 && errno == EPERM);
    CHECK(syscall(SYS_ioprio_set, IOPRIO_WHO_PGRP, outside, IDLE) == -1 && errno == EPERM);
    CHECK(setpriority(PRIO_PGRP, 0x3ffffff, 15) == -1 && errno == ESRCH);
    CHECK(setpgid(0, 0) == 0 || getpgrp() == getpid());
    CHECK(setpriority(PRIO_PGRP, 0, 7) == 0);
    CHECK(setpriority(PRIO_PGRP, (id_t)getpgrp(), 8) == 0);
    CHECK(getpriority(PRIO_PGRP, 0) == 8);
    CHECK(syscall(SYS_ioprio_set, IOPRIO_WHO_PGRP, 0, IDLE) == 0);
    CHECK(syscall(SYS_ioprio_set, IOPRIO_WHO_PGRP, getpgrp(), IDLE) == 0);
    dprintf(1, "niced none\n");
    return 0;
}
