/*
 * tracer [-c CPU] [-r] [-n] [-q] -- COMMAND ARGS... - the reference that the engine is measured against: a tracer in C that refuses every open for
 * writing, creat, unlink, mkdir and rmdir of its guest with EACCES, and makes for each refused call the same kernel calls as the engine does:
 *
 *     waitpid(__WALL | __WNOTHREAD)               the stop
 *     ptrace(PTRACE_GET_SYSCALL_INFO)             its number and arguments
 *     pread(/proc/PID/mem)                        the path
 *     openat2(parent, O_PATH), readlink(/proc/self/fd/N), readlink of the last component, close       where it leads
 *     ptrace(PTRACE_GETREGS, PTRACE_SETREGS)      orig_rax = -1, rax = -EACCES
 *     ptrace(PTRACE_CONT)
 *
 *   -c CPU   tracer and guest on one CPU; otherwise wherever the scheduler puts them
 *   -r       do not resolve the parent (the floor: what a stop costs by itself)
 *   -n       no GETREGS: write the two registers with POKEUSER instead
 *   -q       do not print what was counted
 *
 * Prints to stderr: stops, kernel calls of the tracer per refused call. It follows forks, so that a build can be run under it as well.
 * The policy is nothing: it refuses everything, and it lets the reads pass in the filter, as the engine's filter does.
 */
#include "common.h"
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>

#define NR offsetof(struct seccomp_data, nr)
#define ARG_LOW(i) (offsetof(struct seccomp_data, args) + 8 * (i))
#define WRITE_INTENT (O_ACCMODE | O_CREAT | O_TRUNC)

static long kernel_calls, stops, refused;
#define COUNTED(call) (kernel_calls++, (call))

/* One open file of /proc/PID/mem, kept while the guest lives: the engine does the same. */
static struct {
    pid_t pid;
    int fd;
} memory[1024];

static int memory_of(pid_t pid)
{
    unsigned slot = (unsigned)pid % 1024;
    if (memory[slot].pid == pid)
        return memory[slot].fd;
    if (memory[slot].pid != 0)
        close(memory[slot].fd);
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/mem", pid);
    memory[slot].pid = pid;
    memory[slot].fd = COUNTED(open(name, O_RDONLY | O_CLOEXEC));
    return memory[slot].fd;
}

static void forget(pid_t pid)
{
    unsigned slot = (unsigned)pid % 1024;
    if (memory[slot].pid == pid) {
        close(memory[slot].fd);
        memory[slot].pid = 0;
    }
}

static void install_filter(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, 7, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_open, 8, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_creat, 9, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_unlink, 8, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_unlinkat, 7, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mkdir, 6, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_rmdir, 5, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG_LOW(2)), /* openat's flags */
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITE_INTENT, 2, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG_LOW(1)), /* open's flags */
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITE_INTENT, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof code / sizeof *code, code };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
        die("seccomp");
}

/* Where the path leads: its parent resolved and pinned, the parent's canonical name, and whether the last component is a link. */
static void resolve(pid_t pid, int dirfd, const char *path)
{
    char parent[4096], link[4096], name[64];
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    int base = AT_FDCWD;
    memcpy(parent, path, length);
    parent[length] = 0;
    if (path[0] != '/') { /* the guest's own directory, as the kernel will use it */
        if (dirfd == AT_FDCWD)
            snprintf(name, sizeof name, "/proc/%d/cwd", pid);
        else
            snprintf(name, sizeof name, "/proc/%d/fd/%d", pid, dirfd);
        base = COUNTED(open(name, O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (length == 0)
            strcpy(parent, ".");
    }
    struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC };
    int fd = (int)COUNTED(syscall(SYS_openat2, base, parent, &how, sizeof how));
    if (fd >= 0) {
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        if (COUNTED(readlink(name, link, sizeof link)) < 0)
            die("readlink");
        if (COUNTED(readlinkat(fd, slash == NULL ? path : slash + 1, link, sizeof link)) < 0 && errno != EINVAL && errno != ENOENT)
            die("readlinkat");
        COUNTED(close(fd));
    }
    if (base >= 0)
        COUNTED(close(base));
}

static void refuse(pid_t tid, int resolving, int poke)
{
    struct __ptrace_syscall_info info;
    char path[4096];
    if (COUNTED(ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info)) < 0)
        return; /* it died in between */
    long nr = (long)info.seccomp.nr;
    int at = nr == __NR_openat || nr == __NR_unlinkat;
    int fd = memory_of(tid);
    ssize_t got = COUNTED(pread(fd, path, 256, (off_t)info.seccomp.args[at ? 1 : 0]));
    if (got > 0) {
        path[got - 1 < 255 ? got - 1 : 255] = 0;
        if (resolving)
            resolve(tid, at ? (int)info.seccomp.args[0] : AT_FDCWD, path);
    }
    if (poke) {
        COUNTED(ptrace(PTRACE_POKEUSER, tid, offsetof(struct user_regs_struct, orig_rax), -1L));
        COUNTED(ptrace(PTRACE_POKEUSER, tid, offsetof(struct user_regs_struct, rax), (long)-EACCES));
    } else {
        struct user_regs_struct registers;
        COUNTED(ptrace(PTRACE_GETREGS, tid, 0, &registers));
        registers.orig_rax = (unsigned long long)-1;
        registers.rax = (unsigned long long)-EACCES;
        COUNTED(ptrace(PTRACE_SETREGS, tid, 0, &registers));
    }
    refused++;
}

int main(int argc, char **argv)
{
    int cpu = -1, resolving = 1, poke = 0, quiet = 0, option;
    while ((option = getopt(argc, argv, "+c:rnq")) != -1) {
        switch (option) {
        case 'c': cpu = atoi(optarg); break;
        case 'r': resolving = 0; break;
        case 'n': poke = 1; break;
        case 'q': quiet = 1; break;
        default: return 125;
        }
    }
    if (optind >= argc) {
        fprintf(stderr, "usage: tracer [-c CPU] [-r] [-n] [-q] -- COMMAND ARGS...\n");
        return 125;
    }
    pin(cpu);

    int gate[2];
    if (pipe2(gate, O_CLOEXEC) != 0)
        die("pipe2");
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        char go;
        close(gate[1]);
        if (read(gate[0], &go, 1) != 1)
            _exit(125); /* the tracer died before it seized us */
        install_filter();
        execvp(argv[optind], argv + optind);
        _exit(errno == ENOENT ? 127 : 126);
    }
    long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;
    if (ptrace(PTRACE_SEIZE, child, 0, options) != 0)
        die("PTRACE_SEIZE");
    if (write(gate[1], "g", 1) != 1)
        die("write");

    int status, code = 125;
    long before = 0;
    for (;;) {
        pid_t tid = COUNTED(waitpid(-1, &status, __WALL | __WNOTHREAD));
        if (tid < 0) {
            if (errno == EINTR)
                continue;
            break; /* ECHILD: the last one is gone */
        }
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            forget(tid);
            if (tid == child)
                code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            continue;
        }
        int event = status >> 16, signal = WSTOPSIG(status), deliver = 0;
        stops++;
        if (event == PTRACE_EVENT_SECCOMP) {
            long mark = kernel_calls;
            refuse(tid, resolving, poke);
            before += kernel_calls - mark;
        } else if (event == PTRACE_EVENT_STOP) {
            if (signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU) {
                ptrace(PTRACE_LISTEN, tid, 0, 0); /* a group stop: it stays stopped, as without us */
                continue;
            }
        } else if (event == PTRACE_EVENT_EXEC) {
            forget(tid); /* another address space: the old file reads the old one */
        } else if (event == 0) {
            deliver = signal;
        }
        COUNTED(ptrace(PTRACE_CONT, tid, 0, deliver));
    }
    if (!quiet)
        fprintf(stderr, "tracer: %ld stops, %ld refused, %.2f kernel calls per refused call (with waitpid and PTRACE_CONT)\n", stops, refused,
                refused ? 2.0 + (double)before / (double)refused : 0.0);
    return code;
}
