/* domain_processes PID: a process outside of the caller's Landlock domain can neither be signalled (LANDLOCK_SCOPE_SIGNAL, ABI 6) nor be traced, nor
 * anything be done that asks for the right to trace: memory, descriptors, environment (security/landlock/task.c). Prints the errno of each way.
 * With CAP_PERFMON, which root has, environment and map of others may be read all the same (may_access_mm in kernel/fork.c). */
#include "guest.h"
#include <linux/kcmp.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

static void tell(const char *what, long result)
{
    printf("%s %d\n", what, result < 0 ? errno : 0);
}

static void tell_open(const char *what, pid_t pid, int flags)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, what);
    int fd = open(path, flags | O_CLOEXEC);
    tell(what, fd);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    pid_t pid = atoi(argv[1]);
    char byte, link[PATH_MAX], path[64];
    struct iovec mine = { &byte, 1 }, theirs = { &byte, 1 };
    siginfo_t info = { .si_signo = SIGURG, .si_code = SI_QUEUE };
    tell("kill", kill(pid, SIGURG));
    tell("tgkill", syscall(SYS_tgkill, pid, pid, SIGURG));
    tell("rt_sigqueueinfo", syscall(SYS_rt_sigqueueinfo, pid, SIGURG, &info));
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    CHECK(pidfd >= 0);
    tell("pidfd_send_signal", syscall(SYS_pidfd_send_signal, pidfd, SIGURG, NULL, 0));
    tell("pidfd_getfd", syscall(SYS_pidfd_getfd, pidfd, 0, 0));
    tell("process_vm_readv", process_vm_readv(pid, &mine, 1, &theirs, 1, 0));
    tell("process_vm_writev", process_vm_writev(pid, &mine, 1, &theirs, 1, 0));
    tell("kcmp", syscall(SYS_kcmp, getpid(), pid, KCMP_FILES, 0, 0));
    tell("ptrace", ptrace(PTRACE_SEIZE, pid, 0, 0));
    tell_open("mem", pid, O_RDWR);
    if (geteuid() != 0) {
        tell_open("environ", pid, O_RDONLY);
        tell_open("maps", pid, O_RDONLY);
    }
    tell_open("fd/0", pid, O_RDONLY);
    snprintf(path, sizeof path, "/proc/%d/cwd", pid);
    tell("cwd", readlink(path, link, sizeof link));
    return 0;
}
