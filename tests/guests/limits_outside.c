/* limits_outside PID: resource limits, priority and CPU mask of a process that is not the session's own are not the guest's to set. */
#include "guest.h"
#include <sys/resource.h>

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    pid_t pid = atoi(argv[1]);
    struct rlimit limit = { 64, 64 };
    CHECK(syscall(SYS_prlimit64, pid, RLIMIT_NOFILE, &limit, NULL) == -1 && errno == EPERM);
    CHECK(setpriority(PRIO_PROCESS, (id_t)pid, 19) == -1 && (errno == EPERM || errno == EACCES));
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && setrlimit(RLIMIT_NOFILE, &limit) == 0);
    return 0;
}
