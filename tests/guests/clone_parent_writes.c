/* clone_parent_writes PATH: with CLONE_PARENT the new process is a sibling of its maker. The maker may be gone long before it. */
#include "guest.h"

int main(int argc, char **argv)
{
    int told[2];
    CHECK(argc == 2 && pipe(told) == 0);
    pid_t self = getpid();
    pid_t maker = fork();
    CHECK(maker >= 0);
    if (maker == 0) {
        pid_t sibling = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
        CHECK(sibling >= 0);
        if (sibling == 0) {
            CHECK(getppid() == self);
            refused(argv[1]);
            _exit(8);
        }
        CHECK(write(told[1], &sibling, sizeof sibling) == sizeof sibling);
        _exit(6);
    }
    pid_t sibling;
    CHECK(read(told[0], &sibling, sizeof sibling) == sizeof sibling);
    exits_with(maker, 6);
    exits_with(sibling, 8);
    return 0;
}
