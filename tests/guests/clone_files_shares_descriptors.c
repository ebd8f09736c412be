/* clone_files_shares_descriptors DIR: with CLONE_FILES the child's dup2 changes the parent's directory descriptor as well. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int there = open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC);
    CHECK(here >= 0 && there >= 0);
    int fd = openat(here, "mine", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    CHECK(fd >= 0);
    pid_t child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(dup2(there, here) == here);
        _exit(0);
    }
    exits_with(child, 0);
    fd = openat(here, "theirs", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    int got = fd < 0 ? errno : 0;
    CHECK(got == (getenv("GUEST_WRITE_ERRNO") ? 0 : EACCES));
    return 0;
}
