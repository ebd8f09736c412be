/* dumps_core DIRECTORY HOW: goes there, asks for core dumps without a limit, and dies. The kernel writes the dump; no call of the guest does. A tracer is not told of every such
 * death: a filter that kills, and a signal whose frame does not fit, come past it (SA_IMMUTABLE, kernel/signal.c). */
#include "guest.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static void nothing(int signal) { (void)signal; }

int main(int argc, char **argv)
{
    CHECK(argc == 3 && chdir(argv[1]) == 0);
    struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY }, soft, old;
    if (setrlimit(RLIMIT_CORE, &all) != 0) {
        CHECK(getrlimit(RLIMIT_CORE, &soft) == 0);
        soft.rlim_cur = soft.rlim_max;
        CHECK(setrlimit(RLIMIT_CORE, &soft) == 0);
        CHECK(prlimit(0, RLIMIT_CORE, &soft, &old) == 0 && old.rlim_max == soft.rlim_max);
    }
    (void)prlimit(getpid(), RLIMIT_CORE, &all, &old);
    if (strcmp(argv[2], "abort") == 0)
        abort();
    if (strcmp(argv[2], "filter") == 0) {
        struct sock_filter kill[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
        struct sock_fprog program = { 4, kill };
        CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
        syscall(SYS_getppid);
    }
    if (strcmp(argv[2], "frame") == 0) {
        struct sigaction action = { .sa_handler = nothing };
        CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
        __asm__ volatile("xor %%esp, %%esp\n\tmovl $0, (%%rsp)" ::: "memory");
    }
    CHECK(!"alive");
}
