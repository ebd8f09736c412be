/*
 * tracer [-c CPU] [-r] [-q] [-a FILE | -w WAY] -- COMMAND ARGS... - the reference that the engine is measured against: a tracer in C that refuses every call of
 * its guest that opens a path for writing, or makes, removes or renames one, with EACCES, and makes for each refused call the same kernel calls as
 * the engine does:
 *
 *     waitpid(__WALL | __WNOTHREAD)               the stop
 *     ptrace(PTRACE_GETREGS)                      its number and arguments
 *     process_vm_readv                            the path
 *     openat2(parent, O_PATH, RESOLVE_NO_SYMLINKS), statx of the last component, close       where it leads
 *     ptrace(PTRACE_SETREGS)                      orig_rax = -1, rax = -EACCES
 *     ptrace(PTRACE_CONT)
 *
 *   -c CPU   tracer and guest on one CPU; otherwise wherever the scheduler puts them
 *   -r       do not resolve the parent (the floor: what a stop costs by itself)
 *   -q       do not print what was counted
 *   -a FILE  refuse nothing: let each call go on as it is, and leave in FILE the stops by kind: `seccomp fork exec child signal group`. It is the least that
 *            a tracer of writes can be stopped for, and by the time that it takes the floor of what a build costs under one
 *   -w WAY   refuse nothing: resolve each path as above, and then let the call go (see allowed.c)
 *              continue   as it stands: what every ptrace sandbox does, and what loses to a second thread
 *              slot       openat as openat2 with its path and open_how in a page that the guest cannot write: pwrite, SETREGS, PTRACE_SYSCALL, the stop at its
 *                         end, GETREGS, SETREGS, CONT
 *              bare       the same without the stop at its end: pwrite, SETREGS, CONT. No sandbox may do that, since the guest goes on with registers that are not its
 *                         own; the difference is what that stop costs
 *              behalf     chmod, mkdir and rmdir by the tracer on the pinned object, and the result put in: for chmod openat2, statx, fchmodat2, close; for mkdir
 *                         openat2, statx, the guest's status opened, read and closed (its umask), mkdirat, close; for rmdir openat2, unlinkat, close
 *
 * Prints to stderr: stops, kernel calls of the tracer per refused call. Reads pass in the filter, as in the engine's.
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
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#define NR offsetof(struct seccomp_data, nr)
#define ARG_LOW(i) (offsetof(struct seccomp_data, args) + 8 * (i))
#define WRITE_INTENT (O_ACCMODE | O_CREAT | O_TRUNC)

enum { SECCOMP, FORK, EXEC, CHILD, SIGNAL, GROUP, KINDS };
static long kernel_calls, stops, refused, kinds[KINDS];
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
    memory[slot].fd = COUNTED(open(name, O_RDWR | O_CLOEXEC));
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

/* Every call that changes a name, the content or the metadata of a file by its path, other than the opens. */
static const unsigned writes[] = {
    __NR_creat, __NR_unlink, __NR_unlinkat, __NR_mkdir, __NR_mkdirat, __NR_rmdir, __NR_rename, __NR_renameat, __NR_renameat2, __NR_link, __NR_linkat,
    __NR_symlink, __NR_symlinkat, __NR_mknod, __NR_mknodat, __NR_truncate, __NR_chmod, __NR_fchmodat, __NR_chown, __NR_lchown, __NR_fchownat, __NR_utime,
    __NR_utimes, __NR_futimesat, __NR_utimensat, __NR_setxattr, __NR_lsetxattr, __NR_removexattr, __NR_lremovexattr, __NR_openat2,
};
#define WRITES (sizeof writes / sizeof *writes)

static void install_filter(void)
{
    struct sock_filter code[16 + WRITES];
    unsigned n = 0;
    code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
    code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR);
    unsigned open_at = n + 2 + WRITES + 1, trace = open_at + 4; /* where the jumps go, counted from the next instruction */
    code[n] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, open_at - n - 1, 0), n++;
    code[n] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_open, open_at + 2 - n - 1, 0), n++;
    for (unsigned i = 0; i < WRITES; i++, n++)
        code[n] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, writes[i], trace - n - 1, 0);
    code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG_LOW(2)); /* openat's flags */
    code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITE_INTENT, 2, 3);
    code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG_LOW(1)); /* open's flags */
    code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITE_INTENT, 0, 1);
    code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = { (unsigned short)n, code };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
        die("seccomp");
}

/* Whether the call's path is its second argument, after the descriptor of a directory. */
static int is_at(long nr)
{
    return nr == __NR_openat || nr == __NR_openat2 || nr == __NR_unlinkat || nr == __NR_mkdirat || nr == __NR_renameat || nr == __NR_renameat2 ||
           nr == __NR_linkat || nr == __NR_mknodat || nr == __NR_fchmodat || nr == __NR_fchownat || nr == __NR_futimesat || nr == __NR_utimensat;
}

/* Where the path leads: its parent resolved and pinned, the parent's canonical name, and whether the last component is a link. */
static void resolve(pid_t pid, int dirfd, const char *path)
{
    char parent[4096], name[64];
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
    /* No link on the way: then the text is the canonical name, and nothing need be read back. */
    struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS };
    int fd = (int)COUNTED(syscall(SYS_openat2, base, parent, &how, sizeof how));
    if (fd >= 0) {
        struct statx what;
        if (COUNTED(statx(fd, slash == NULL ? path : slash + 1, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_TYPE | STATX_INO, &what)) < 0 && errno != ENOENT)
            die("statx");
        COUNTED(close(fd));
    }
    if (base >= 0)
        COUNTED(close(base));
}

/* To the end of its page, as the engine does. */
static ssize_t read_path(pid_t tid, char *into, unsigned long long at)
{
    size_t rest = 4096 - at % 4096;
    struct iovec here = {into, rest < 256 ? rest : 256}, there = {(void *)at, rest < 256 ? rest : 256};
    return process_vm_readv(tid, &here, 1, &there, 1, 0);
}

static void refuse(pid_t tid, int resolving)
{
    struct user_regs_struct registers;
    char path[4096];
    if (COUNTED(ptrace(PTRACE_GETREGS, tid, 0, &registers)) < 0)
        return; /* it died in between */
    int at = is_at((long)registers.orig_rax);
    ssize_t got = COUNTED(read_path(tid, path, at ? registers.rsi : registers.rdi));
    if (got > 0) {
        path[got - 1 < 255 ? got - 1 : 255] = 0;
        if (resolving)
            resolve(tid, at ? (int)registers.rdi : AT_FDCWD, path);
    }
    registers.orig_rax = (unsigned long long)-1;
    registers.rax = (unsigned long long)-EACCES;
    COUNTED(ptrace(PTRACE_SETREGS, tid, 0, &registers));
    refused++;
}

enum way { NONE, CONTINUE, SLOT, BARE, BEHALF };

/* The guest's own registers of the call that it makes in the slot; there is one guest. */
static struct user_regs_struct own;
static int in_slot;

static void answer(pid_t tid, struct user_regs_struct *registers, long result)
{
    registers->orig_rax = (unsigned long long)-1;
    registers->rax = (unsigned long long)(result < 0 ? -errno : result);
    COUNTED(ptrace(PTRACE_SETREGS, tid, 0, registers));
    COUNTED(ptrace(PTRACE_CONT, tid, 0, 0));
}

static int open_pinned(const char *path, size_t length, uint64_t flags)
{
    char text[4096];
    memcpy(text, path, length);
    text[length] = 0;
    struct open_how how = { .flags = O_PATH | O_CLOEXEC | flags, .resolve = RESOLVE_NO_SYMLINKS };
    return (int)COUNTED(syscall(SYS_openat2, AT_FDCWD, text, &how, sizeof how));
}

static void on_behalf(pid_t tid, struct user_regs_struct *registers, const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    struct statx what;
    if (registers->orig_rax == __NR_chmod) {
        int fd = open_pinned(path, strlen(path), O_NOFOLLOW);
        COUNTED(statx(fd, "", AT_EMPTY_PATH, STATX_TYPE | STATX_INO, &what));
        long result = COUNTED(syscall(452 /* fchmodat2 */, fd, "", registers->rsi, AT_EMPTY_PATH));
        COUNTED(close(fd));
        answer(tid, registers, result);
        return;
    }
    int parent = open_pinned(path, (size_t)(name - path), O_DIRECTORY);
    long result;
    if (registers->orig_rax == __NR_mkdir) {
        char status[64], text[4096];
        COUNTED(statx(parent, "", AT_EMPTY_PATH, STATX_TYPE | STATX_INO, &what));
        snprintf(status, sizeof status, "/proc/%d/status", tid);
        int fd = (int)COUNTED(open(status, O_RDONLY | O_CLOEXEC));
        if (COUNTED(read(fd, text, sizeof text)) < 0)
            die(status);
        COUNTED(close(fd));
        result = COUNTED(mkdirat(parent, name, (mode_t)registers->rsi));
    } else {
        result = COUNTED(unlinkat(parent, name, AT_REMOVEDIR));
    }
    COUNTED(close(parent));
    answer(tid, registers, result);
}

static void allow(pid_t tid, enum way way)
{
    struct user_regs_struct registers;
    struct {
        struct open_how how;
        char path[4096];
    } slot;
    if (COUNTED(ptrace(PTRACE_GETREGS, tid, 0, &registers)) < 0)
        return;
    int at = is_at((long)registers.orig_rax);
    ssize_t got = COUNTED(read_path(tid, slot.path, at ? registers.rsi : registers.rdi));
    if (got <= 0)
        die("process_vm_readv");
    slot.path[got - 1 < 255 ? got - 1 : 255] = 0;
    resolve(tid, at ? (int)registers.rdi : AT_FDCWD, slot.path);
    if ((way == SLOT || way == BARE) && registers.orig_rax == __NR_openat) {
        own = registers;
        in_slot = way == SLOT;
        slot.how = (struct open_how){ .flags = registers.rdx, .mode = registers.rdx & O_CREAT ? registers.r10 : 0, .resolve = RESOLVE_NO_SYMLINKS };
        if (COUNTED(pwrite(memory_of(tid), &slot, sizeof slot.how + strlen(slot.path) + 1, REFERENCE_SLOT)) < 0)
            die("pwrite");
        registers.orig_rax = __NR_openat2;
        registers.rdi = (unsigned long long)AT_FDCWD;
        registers.rsi = REFERENCE_SLOT + sizeof slot.how;
        registers.rdx = REFERENCE_SLOT;
        registers.r10 = sizeof slot.how;
        COUNTED(ptrace(PTRACE_SETREGS, tid, 0, &registers));
        COUNTED(ptrace(in_slot ? PTRACE_SYSCALL : PTRACE_CONT, tid, 0, 0));
    } else if (way == BEHALF && registers.orig_rax != __NR_openat) {
        on_behalf(tid, &registers, slot.path);
    } else {
        COUNTED(ptrace(PTRACE_CONT, tid, 0, 0));
    }
}

static void end_call(pid_t tid)
{
    struct user_regs_struct registers;
    COUNTED(ptrace(PTRACE_GETREGS, tid, 0, &registers));
    own.rax = registers.rax;
    in_slot = 0;
    COUNTED(ptrace(PTRACE_SETREGS, tid, 0, &own));
    COUNTED(ptrace(PTRACE_CONT, tid, 0, 0));
}

static enum way way_of(const char *name)
{
    static const char *const names[] = { [CONTINUE] = "continue", [SLOT] = "slot", [BARE] = "bare", [BEHALF] = "behalf" };
    for (enum way way = CONTINUE; way <= BEHALF; way++)
        if (strcmp(name, names[way]) == 0)
            return way;
    return NONE;
}

int main(int argc, char **argv)
{
    enum way way = NONE;
    int cpu = -1, resolving = 1, quiet = 0, option;
    const char *counts = NULL;
    while ((option = getopt(argc, argv, "+c:rqa:w:")) != -1) {
        switch (option) {
        case 'c': cpu = atoi(optarg); break;
        case 'r': resolving = 0; break;
        case 'q': quiet = 1; break;
        case 'a': counts = optarg; break;
        case 'w':
            if ((way = way_of(optarg)) != NONE)
                break;
            /* fall through */
        default: return 125;
        }
    }
    if (optind >= argc) {
        fprintf(stderr, "usage: tracer [-c CPU] [-r] [-q] [-a FILE | -w WAY] -- COMMAND ARGS...\n");
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
    long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
                   PTRACE_O_TRACESYSGOOD;
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
            kinds[SECCOMP]++;
            if (way != NONE) {
                allow(tid, way);
                continue;
            }
            if (counts == NULL)
                refuse(tid, resolving);
            before += kernel_calls - mark;
        } else if (event == PTRACE_EVENT_STOP) {
            kinds[signal == SIGTRAP ? CHILD : GROUP]++;
            if (signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU) {
                ptrace(PTRACE_LISTEN, tid, 0, 0); /* a group stop: it stays stopped, as without us */
                continue;
            }
        } else if (event == PTRACE_EVENT_EXEC) {
            kinds[EXEC]++;
            forget(tid); /* another address space: the old file reads the old one */
        } else if (event == 0 && in_slot && signal == (SIGTRAP | 0x80)) {
            end_call(tid);
            continue;
        } else if (event == 0) {
            kinds[SIGNAL]++;
            deliver = signal;
        } else {
            kinds[FORK]++;
        }
        COUNTED(ptrace(PTRACE_CONT, tid, 0, deliver));
    }
    if (counts != NULL) {
        FILE *file = fopen(counts, "w");
        if (file == NULL)
            die(counts);
        for (int i = 0; i < KINDS; i++)
            fprintf(file, "%ld%c", kinds[i], i + 1 < KINDS ? ' ' : '\n');
        fclose(file);
    } else if (!quiet && way == NONE)
        fprintf(stderr, "tracer: %ld stops, %ld refused, %.2f kernel calls per refused call (with waitpid and PTRACE_CONT)\n", stops, refused,
                refused ? 2.0 + (double)before / (double)refused : 0.0);
    return code;
}
