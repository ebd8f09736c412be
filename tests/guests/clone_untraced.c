/* CLONE_UNTRACED asks the kernel for a child that no tracer follows: EPERM, and no child. */
#include "guest.h"

int main(void)
{
    pid_t child = (pid_t)syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);
    if (child == 0)
        _exit(1);
    CHECK(child == -1 && errno == EPERM);
    CHECK(waitpid(-1, NULL, 0) == -1 && errno == ECHILD);
    return 0;
}
