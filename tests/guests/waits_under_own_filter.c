/* waits_under_own_filter THREADS: a filter of its own, for all its threads at once (SECCOMP_FILTER_FLAG_TSYNC), ends the process where somebody seals memory, or maps some for reading alone.
 * Then as many calls as threads are under way at the same time: each waits in the open of a FIFO. None of it is the program's doing, so it lives. */
#include "guest.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

static pthread_barrier_t all;

static void *waits(void *number)
{
    char name[32];
    snprintf(name, sizeof name, "fifo%ld", (long)number);
    pthread_barrier_wait(&all);
    int fd = open(name, O_WRONLY | O_CLOEXEC);
    CHECK(fd >= 0);
    close(fd);
    return NULL;
}

int main(int argc, char **argv)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 462, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROT_READ, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof code / sizeof *code, code };
    CHECK(argc == 2);
    long threads = atol(argv[1]);
    pthread_t thread[1024];
    char name[32];
    CHECK(pthread_barrier_init(&all, NULL, (unsigned)threads + 1) == 0);
    for (long i = 0; i < threads; i++) {
        snprintf(name, sizeof name, "fifo%ld", i);
        CHECK(mkfifo(name, 0600) == 0);
        CHECK(pthread_create(&thread[i], NULL, waits, (void *)i) == 0);
    }
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0);
    pthread_barrier_wait(&all);
    for (long i = threads - 1; i >= 0; i--) {
        snprintf(name, sizeof name, "fifo%ld", i);
        CHECK(open(name, O_RDONLY | O_CLOEXEC) >= 0);
    }
    for (long i = 0; i < threads; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
    return 0;
}
