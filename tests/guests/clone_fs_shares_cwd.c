/* clone_fs_shares_cwd DIR: with CLONE_FS the working directory belongs to both processes: after the child's chdir the parent's
 * relative names lead elsewhere. Who remembers a cwd per process judges the wrong file. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK(write_errno("mine") == 0);
    pid_t child = (pid_t)syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(chdir(argv[1]) == 0);
        _exit(0);
    }
    exits_with(child, 0);
    refused("theirs");
    return 0;
}
