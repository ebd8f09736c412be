/* A user namespace gives a guest mounts of its own, and with them other names for forbidden files: EPERM by every door. */
#include "guest.h"

int main(void)
{
    CHECK(unshare(CLONE_NEWUSER) == -1 && errno == EPERM);
    pid_t child = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (child == 0)
        _exit(1);
    CHECK(child == -1 && errno == EPERM);
    return 0;
}
