/* joins_group GROUP [read]: setpgid(2) takes a process into any group of its session, and everything that is then sent to or set for "its" group reaches that one: a read of
 * the terminal from the background sends SIGTTIN to all of it (job_control, drivers/tty/n_tty.c). GROUP is outside: EPERM. Groups that this process and its children make are
 * joined as shells do it, also when their leader has ended and nobody has waited for it, and the group that it was started in is come back to. */
#include "guest.h"

int main(int count, char **arguments)
{
    CHECK(count >= 2);
    pid_t outside = atoi(arguments[1]), first = getpgrp();
    CHECK(setpgid(0, outside) == -1 && errno == EPERM);
    pid_t child = fork();
    if (child == 0) {
        int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
        CHECK(setpgid(0, outside) == -1 && errno == EPERM);
        if (count > 2)
            read(terminal, &(char){ 0 }, 1);
        _exit(0);
    }
    CHECK(setpgid(child, outside) == -1 && (errno == EPERM || errno == EACCES));
    if (count > 2) {
        kill(child, SIGKILL);
        status_of(child);
    } else
        exits_with(child, 0);

    /* A pipeline: its first process has ended when the second one joins its group. */
    pid_t leader = fork();
    if (leader == 0)
        _exit(setpgid(0, 0));
    siginfo_t info;
    CHECK(waitid(P_PID, (id_t)leader, &info, WEXITED | WNOWAIT) == 0);
    pid_t second = fork();
    if (second == 0) {
        CHECK(setpgid(0, leader) == 0);
        CHECK(getpgrp() == leader);
        CHECK(setpgid(0, first) == 0);
        CHECK(setpgid(0, 0) == 0 && getpgrp() == getpid());
        CHECK(setpgid(0, getpid()) == 0);
        CHECK(setpgid(0, -1) == -1 && errno == EINVAL);
        CHECK(setpgid(0, 0x3ffffff) == -1 && errno == EPERM);
        CHECK(setpgid(1, outside) == -1 && errno == ESRCH);
        _exit(0);
    }
    exits_with(second, 0);
    exits_with(leader, 0);
    dprintf(1, "joined none\n");
    return 0;
}
