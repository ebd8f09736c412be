/* pidfd_getfd_outside PID: a descriptor of the host's is as good as what it leads to. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    int process = (int)syscall(SYS_pidfd_open, atoi(argv[1]), 0);
    CHECK(process >= 0 || errno == EPERM);
    for (int fd = 0; fd < 10; fd++)
        CHECK(syscall(SYS_pidfd_getfd, process, fd, 0) == -1 && errno == EPERM);
    return 0;
}
