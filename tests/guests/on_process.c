/* on_process CALL PID|own: makes one call on a process (own: a child of the guest) that would change it, read it or signal it, and says its errno, 0 for
 * success. A signal would end the process: SIGTERM, or SIGIO where the kernel sends one by itself. */
#include "guest.h"
#include <linux/kcmp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define PTRACE_SEIZE_ 0x4206

static pid_t pid;
static char byte = 'x';
static struct iovec mine = { &byte, 1 }, theirs = { &byte, 1 };
static struct { uint64_t soft, hard; } limit = { 64, 64 };
static struct { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t times[3]; uint32_t clamps[2]; } attributes = { 56, SCHED_BATCH, 0, 7, 0, { 0 }, { 0 } };

static int pidfd(void)
{
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* SIGIO of a descriptor that something comes to. */
static long owned(int (*set)(int fd))
{
    int ends[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    long result = set(ends[0]);
    if (result == 0) {
        CHECK(fcntl(ends[0], F_SETFL, O_ASYNC) == 0);
        CHECK(write(ends[1], "x", 1) == 1);
    }
    return result;
}

static int setown(int fd) { return (int)syscall(SYS_fcntl, fd, F_SETOWN, pid); }
static int setown_group(int fd) { return (int)syscall(SYS_fcntl, fd, F_SETOWN, -getpgid(pid)); }
static int setown_ex(int fd) { return (int)syscall(SYS_fcntl, fd, F_SETOWN_EX, &(struct f_owner_ex){ F_OWNER_PID, pid }); }
static int setown_ex_thread(int fd) { return (int)syscall(SYS_fcntl, fd, F_SETOWN_EX, &(struct f_owner_ex){ F_OWNER_TID, pid }); }
static int setown_ex_group(int fd) { return (int)syscall(SYS_fcntl, fd, F_SETOWN_EX, &(struct f_owner_ex){ F_OWNER_PGRP, getpgid(pid) }); }
static int fiosetown(int fd) { return ioctl(fd, 0x8901, &pid); }
static int siocspgrp(int fd) { return ioctl(fd, 0x8902, &pid); }

static long call(const char *name)
{
    siginfo_t info = { .si_signo = SIGTERM, .si_code = SI_QUEUE };
    struct sched_param parameters = { 0 };
    cpu_set_t cpus;
    unsigned long nodes = 1;
    void *page = &byte, *list;
    int status;
    size_t length;
    CPU_ZERO(&cpus);
    CPU_SET((int)sysconf(_SC_NPROCESSORS_ONLN) - 1, &cpus);
#define CALL(text, expression) \
    if (strcmp(name, text) == 0) \
        return expression
    CALL("ptrace-attach", ptrace(PTRACE_ATTACH, pid, NULL, NULL));
    CALL("ptrace-seize", ptrace(PTRACE_SEIZE_, pid, NULL, NULL));
    CALL("process_vm_readv", process_vm_readv(pid, &mine, 1, &theirs, 1, 0));
    CALL("process_vm_writev", process_vm_writev(pid, &mine, 1, &theirs, 1, 0));
    CALL("process_madvise", syscall(SYS_process_madvise, pidfd(), &theirs, 1L, 21 /* MADV_PAGEOUT */, 0));
    CALL("process_mrelease", syscall(SYS_process_mrelease, pidfd(), 0));
    CALL("pidfd_getfd", syscall(SYS_pidfd_getfd, pidfd(), 0, 0));
    CALL("kcmp", syscall(SYS_kcmp, getpid(), pid, KCMP_FILES, 0, 0));
    CALL("perf_event_open", syscall(SYS_perf_event_open, &(char[128]){ 0 }, pid, -1, -1, 0));
    CALL("get_robust_list", syscall(SYS_get_robust_list, pid, &list, &length));
    CALL("move_pages", syscall(SYS_move_pages, pid, 1L, &page, NULL, &status, 0));
    CALL("migrate_pages", syscall(SYS_migrate_pages, pid, 8L, &nodes, &nodes));
    CALL("prlimit64", syscall(SYS_prlimit64, pid, RLIMIT_NOFILE, &limit, NULL));
    CALL("prlimit64-read", syscall(SYS_prlimit64, pid, RLIMIT_NOFILE, NULL, &limit));
    CALL("sched_setaffinity", syscall(SYS_sched_setaffinity, pid, sizeof cpus, &cpus));
    CALL("sched_setscheduler", syscall(SYS_sched_setscheduler, pid, SCHED_BATCH, &parameters));
    CALL("sched_setparam", syscall(SYS_sched_setparam, pid, &parameters));
    CALL("sched_setattr", syscall(SYS_sched_setattr, pid, &attributes, 0));
    CALL("setpriority", syscall(SYS_setpriority, PRIO_PROCESS, pid, 7));
    CALL("setpriority-group", syscall(SYS_setpriority, PRIO_PGRP, getpgid(pid), 7));
    CALL("setpriority-user", syscall(SYS_setpriority, PRIO_USER, getuid(), 7));
    CALL("ioprio_set", syscall(SYS_ioprio_set, 1, pid, 3 << 13));
    CALL("ioprio_set-group", syscall(SYS_ioprio_set, 2, getpgid(pid), 3 << 13));
    CALL("ioprio_set-user", syscall(SYS_ioprio_set, 3, getuid(), 3 << 13));
    CALL("prctl-sched_core", prctl(62 /* PR_SCHED_CORE */, 2 /* SHARE_TO */, pid, 0, 0));
    CALL("kill", syscall(SYS_kill, pid, SIGTERM));
    CALL("kill-group", syscall(SYS_kill, -getpgid(pid), SIGTERM));
    CALL("tkill", syscall(SYS_tkill, pid, SIGTERM));
    CALL("tgkill", syscall(SYS_tgkill, pid, pid, SIGTERM));
    CALL("rt_sigqueueinfo", syscall(SYS_rt_sigqueueinfo, pid, SIGTERM, &info));
    CALL("rt_tgsigqueueinfo", syscall(SYS_rt_tgsigqueueinfo, pid, pid, SIGTERM, &info));
    CALL("pidfd_send_signal", syscall(SYS_pidfd_send_signal, pidfd(), SIGTERM, NULL, 0));
    CALL("pidfd_send_signal-group", syscall(SYS_pidfd_send_signal, pidfd(), SIGTERM, NULL, 4));
    CALL("F_SETOWN", owned(setown));
    CALL("F_SETOWN-group", owned(setown_group));
    CALL("F_SETOWN_EX", owned(setown_ex));
    CALL("F_SETOWN_EX-thread", owned(setown_ex_thread));
    CALL("F_SETOWN_EX-group", owned(setown_ex_group));
    CALL("FIOSETOWN", owned(fiosetown));
    CALL("SIOCSPGRP", owned(siocspgrp));
    CHECK(!"a known call");
    return -1;
}

int main(int argc, char **argv)
{
    int ends[2];
    CHECK(argc == 3);
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    if (strcmp(argv[2], "own") == 0) {
        pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            close(ends[1]);
            wait_byte(ends[0]);
            _exit(0);
        }
        CHECK(setpgid(pid, pid) == 0);
    } else
        pid = atoi(argv[2]);
    long result = call(argv[1]);
    printf("%d\n", result < 0 ? errno : 0);
    return 0;
}
