/* clone_writes PATH: clone with no flags but the exit signal is a fork event with another call's number. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    CHECK(child >= 0);
    if (child == 0) {
        refused(argv[1]);
        _exit(7);
    }
    exits_with(child, 7);
    return 0;
}
