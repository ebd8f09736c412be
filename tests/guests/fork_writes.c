/* fork_writes PATH: a forked child is confined from its first instruction, and its exit code is its own. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    pid_t child = (pid_t)syscall(SYS_fork);
    CHECK(child >= 0);
    if (child == 0) {
        refused(argv[1]);
        _exit(7);
    }
    exits_with(child, 7);
    return 0;
}
