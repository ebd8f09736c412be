/* opens_under_own_filter WHAT: installs a seccomp filter of its own and opens a file for writing under it. allows_all; refuses_mapping: mmap and mseal are EPERM; refuses_openat2: that is
 * EPERM; refuses_mseal_and_executes: mseal is EPERM, and the open is made after an execve. Prints the errno of the open, 0 where it works. */
#include "guest.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

static void refuse(unsigned first, unsigned second)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, first, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, second, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof code / sizeof *code, code };
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0);
}

int main(int argc, char **argv)
{
    const unsigned none = 0xffffffff, mseal = 462, openat2 = 437;
    CHECK(argc == 2);
    if (strcmp(argv[1], "allows_all") == 0)
        refuse(none, none);
    else if (strcmp(argv[1], "refuses_mapping") == 0)
        refuse(SYS_mmap, mseal);
    else if (strcmp(argv[1], "refuses_openat2") == 0)
        refuse(openat2, none);
    else if (strcmp(argv[1], "refuses_mseal_and_executes") == 0) {
        refuse(mseal, none);
        execl("/proc/self/exe", "opens_under_own_filter", "executed", (char *)NULL);
        CHECK(0);
    }
    int error = write_errno("file");
    dprintf(1, "%d", error);
    return 0;
}
