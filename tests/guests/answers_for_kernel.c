/* answers_for_kernel HOW CALL ANSWER: a filter of its own (installed by seccomp(2) or prctl(2)) answers one of the calls with which a tracer has slots mapped, mmap or mseal, in the place of the
 * kernel: "0" is a success that was none, "1" EPERM, "trap" a SIGSYS, "trace", "kill". The program that it executes then opens a file for writing. Prints the errno of that, 0 where it
 * works. Nothing may be believed of such an answer, and no SIGSYS for a call that it has not made may come to a program. */
#include "slot.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

static void trapped(int signal)
{
    (void)signal;
    _exit(98);
}

/* The mmap that is meant is one for reading alone of what is private and anonymous, which no loader makes. */
static void answer(int by_prctl, unsigned call, unsigned with)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 6),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROT_READ, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[4])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, with),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof code / sizeof *code, code };
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    if (by_prctl)
        CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0);
    else
        CHECK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0);
}

int main(int argc, char **argv)
{
    const unsigned mseal = 462;
    CHECK(argc == 4);
    if (strcmp(argv[3], "executed") != 0) {
        const char *with = argv[3];
        unsigned action = strcmp(with, "trap") == 0 ? SECCOMP_RET_TRAP
            : strcmp(with, "trace") == 0 ? SECCOMP_RET_TRACE
            : strcmp(with, "kill") == 0 ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | (unsigned)atoi(with);
        answer(strcmp(argv[1], "prctl") == 0, strcmp(argv[2], "mmap") == 0 ? SYS_mmap : mseal, action);
        /* What is mapped by now does not meet the filter any more. */
        opens_sealed("before");
        execl("/proc/self/exe", "answers_for_kernel", argv[1], argv[2], "executed", (char *)NULL);
        CHECK(0);
    }
    if (strcmp(argv[1], "prctl") == 0)
        CHECK(signal(SIGSYS, trapped) != SIG_ERR);
    for (int i = 0; i < 20; i++) {
        int error = write_errno("file");
        if (i == 0)
            dprintf(1, "%d", error);
        if (error == 0)
            opens_sealed("file");
    }
    /* A filter of its own can be installed all the same. */
    answer(1, 0xfffffff, SECCOMP_RET_ALLOW);
    return 0;
}
