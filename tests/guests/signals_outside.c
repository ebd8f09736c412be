/* signals_outside WAY PID: a signal to a process that is not the session's own is EPERM. SIGURG: it does nothing to who gets it. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    pid_t pid = atoi(argv[2]);
    siginfo_t info = { .si_signo = SIGURG, .si_code = SI_QUEUE };
    long result;
    if (strcmp(argv[1], "kill") == 0)
        result = syscall(SYS_kill, pid, SIGURG);
    else if (strcmp(argv[1], "tkill") == 0)
        result = syscall(SYS_tkill, pid, SIGURG);
    else if (strcmp(argv[1], "tgkill") == 0)
        result = syscall(SYS_tgkill, pid, pid, SIGURG);
    else if (strcmp(argv[1], "rt_sigqueueinfo") == 0)
        result = syscall(SYS_rt_sigqueueinfo, pid, SIGURG, &info);
    else if (strcmp(argv[1], "rt_tgsigqueueinfo") == 0)
        result = syscall(SYS_rt_tgsigqueueinfo, pid, pid, SIGURG, &info);
    else {
        int fd = (int)syscall(SYS_pidfd_open, pid, 0);
        if (fd < 0) {
            CHECK(errno == EPERM);
            return 0;
        }
        result = syscall(SYS_pidfd_send_signal, fd, SIGURG, NULL, 0);
    }
    CHECK(result == -1 && errno == EPERM);
    return 0;
}
