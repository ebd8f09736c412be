/* keeps_registers COUNT OUTSIDE: a system call keeps all registers but rax, rcx and r11, the flags, and the vector registers (System V ABI, A.2.1): compilers
 * count on it. Every kind of call that is judged is made from assembler with values of our own in all of them, allowed and refused, while a timer sends
 * SIGALRM a thousand times a second, whose handler makes judged calls of the same kind, checked in the same way. What is opened must be what was
 * asked for, in the loop and in the handler. */
#include "guest.h"
#include <stddef.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

/* In the order of the code below: rax rbx rcx rdx rsi rdi rbp rsp r8-r15, flags, xmm0-15. */
struct registers {
    uint64_t general[16];
    uint64_t flags;
    uint64_t unused;
    unsigned char vector[16][16];
};
_Static_assert(offsetof(struct registers, vector) == 144, "as the code below has it");

/* void with_registers(const struct registers *before, struct registers *after): loads all, but rsp, makes the call, and stores all. Where `after` is
 * stands below the stack pointer of the call, which is the one register that leads back. */
__asm__(
    ".text\n"
    "with_registers:\n"
    "    push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
    "    sub $16, %rsp\n"
    "    mov %rsi, (%rsp)\n"
    "    mov %rsp, 56(%rsi)\n" /* compared with what rsp is afterwards */
    "    movups 144(%rdi), %xmm0; movups 160(%rdi), %xmm1; movups 176(%rdi), %xmm2; movups 192(%rdi), %xmm3\n"
    "    movups 208(%rdi), %xmm4; movups 224(%rdi), %xmm5; movups 240(%rdi), %xmm6; movups 256(%rdi), %xmm7\n"
    "    movups 272(%rdi), %xmm8; movups 288(%rdi), %xmm9; movups 304(%rdi), %xmm10; movups 320(%rdi), %xmm11\n"
    "    movups 336(%rdi), %xmm12; movups 352(%rdi), %xmm13; movups 368(%rdi), %xmm14; movups 384(%rdi), %xmm15\n"
    "    mov 0(%rdi), %rax; mov 8(%rdi), %rbx; mov 24(%rdi), %rdx; mov 32(%rdi), %rsi; mov 48(%rdi), %rbp\n"
    "    mov 64(%rdi), %r8; mov 72(%rdi), %r9; mov 80(%rdi), %r10\n"
    "    mov 96(%rdi), %r12; mov 104(%rdi), %r13; mov 112(%rdi), %r14; mov 120(%rdi), %r15\n"
    "    push 128(%rdi)\n"
    "    mov 40(%rdi), %rdi\n"
    "    popfq\n"
    "    syscall\n"
    "    pushfq\n"
    "    cld\n"
    "    pop %rcx\n"
    "    mov (%rsp), %r11\n"
    "    mov %rcx, 128(%r11)\n"
    "    mov %rax, 0(%r11); mov %rbx, 8(%r11); mov %rdx, 24(%r11); mov %rsi, 32(%r11); mov %rdi, 40(%r11); mov %rbp, 48(%r11)\n"
    "    sub %rsp, 56(%r11)\n" /* 0 where it is the same */
    "    mov %r8, 64(%r11); mov %r9, 72(%r11); mov %r10, 80(%r11)\n"
    "    mov %r12, 96(%r11); mov %r13, 104(%r11); mov %r14, 112(%r11); mov %r15, 120(%r11)\n"
    "    movups %xmm0, 144(%r11); movups %xmm1, 160(%r11); movups %xmm2, 176(%r11); movups %xmm3, 192(%r11)\n"
    "    movups %xmm4, 208(%r11); movups %xmm5, 224(%r11); movups %xmm6, 240(%r11); movups %xmm7, 256(%r11)\n"
    "    movups %xmm8, 272(%r11); movups %xmm9, 288(%r11); movups %xmm10, 304(%r11); movups %xmm11, 320(%r11)\n"
    "    movups %xmm12, 336(%r11); movups %xmm13, 352(%r11); movups %xmm14, 368(%r11); movups %xmm15, 384(%r11)\n"
    "    add $16, %rsp\n"
    "    pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
    "    ret\n");
void with_registers(const struct registers *before, struct registers *after);

#define RAX 0
#define RCX 2
#define RSP 7
#define R11 11
#define DIRECTION_AND_CONDITIONS 0xcd5 /* OF DF SF ZF AF PF CF */

/* A call with all registers checked; arguments that it does not have are values like the others. */
static long checked(uint64_t seed, long number, int count, const uint64_t *arguments)
{
    static const int places[6] = { 5, 4, 3, 10, 8, 9 }; /* rdi rsi rdx r10 r8 r9 */
    struct registers before, after;
    for (int i = 0; i < 16; i++)
        before.general[i] = 0x1111111111111111u * (unsigned)i + seed * 0x9e3779b97f4a7c15u;
    for (int i = 0; i < 16; i++)
        memset(before.vector[i], (int)(seed + (unsigned)i * 7), 16);
    before.general[RAX] = (uint64_t)number;
    for (int i = 0; i < count; i++)
        before.general[places[i]] = arguments[i];
    before.flags = 0x202 | (seed * 0x2f1 & DIRECTION_AND_CONDITIONS);
    with_registers(&before, &after);
    for (int i = 0; i < 16; i++)
        if (i != RAX && i != RCX && i != R11 && after.general[i] != (i == RSP ? 0 : before.general[i])) {
            dprintf(2, "call %ld changes register %d: %#llx, %#llx\n", number, i, (unsigned long long)before.general[i], (unsigned long long)after.general[i]);
            _exit(99);
        }
    CHECK((after.flags & DIRECTION_AND_CONDITIONS) == (before.flags & DIRECTION_AND_CONDITIONS));
    CHECK(memcmp(before.vector, after.vector, sizeof before.vector) == 0);
    return (long)after.general[RAX];
}

#define CALL(seed, number, ...) \
    checked(seed, number, (int)(sizeof((uint64_t[]){ __VA_ARGS__ }) / 8), (uint64_t[]){ __VA_ARGS__ })
#define P(pointer) (uint64_t)(uintptr_t)(pointer)
#define HERE (uint64_t)AT_FDCWD

/* What the name says now is what the descriptor is. */
static void is_named(int fd, const char *name)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    CHECK(length > 0);
    path[length] = 0;
    CHECK(strcmp(strrchr(path, '/') + 1, name) == 0);
}

/* One of everything, on names of its own. */
static void once(uint64_t n, const char *a, const char *b, const char *outside, struct sockaddr_un *address, int receiver)
{
    char byte = 0;
    long fd = CALL(n, SYS_openat, HERE, P(a), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    CHECK(fd >= 0);
    is_named((int)fd, a);
    CHECK(CALL(n, SYS_close, (uint64_t)fd) == 0);
    switch (n % 8) {
    case 0:
        CHECK(CALL(n, SYS_rename, P(a), P(b)) == 0);
        CHECK(CALL(n, SYS_rename, P(b), P(a)) == 0);
        break;
    case 1: CHECK(CALL(n, SYS_chmod, P(a), 0600) == 0); break;
    case 2:
        CHECK(CALL(n, SYS_link, P(a), P(b)) == 0);
        CHECK(CALL(n, SYS_unlink, P(b)) == 0);
        break;
    case 3:
        fd = CALL(n, SYS_openat, HERE, P(outside), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        CHECK(getenv("GUEST_WRITE_ERRNO") ? fd >= 0 : fd == -EACCES);
        if (fd >= 0)
            close((int)fd);
        break;
    case 4: {
        int from = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        CHECK(from >= 0);
        CHECK(CALL(n, SYS_sendto, (uint64_t)from, P("x"), 1, 0, P(address), sizeof *address) == 1);
        CHECK(read(receiver, &byte, 1) == 1 && byte == 'x');
        CHECK(CALL(n, SYS_connect, (uint64_t)from, P(address), sizeof *address) == 0);
        close(from);
        break;
    }
    case 5:
        CHECK(CALL(n, SYS_mkdirat, HERE, P(b), 0755) == 0);
        CHECK(CALL(n, SYS_unlinkat, HERE, P(b), AT_REMOVEDIR) == 0);
        break;
    case 6: CHECK(CALL(n, SYS_truncate, P(a), 3) == 0); break;
    case 7: CHECK(CALL(n, SYS_execve, P("./nowhere"), 0, 0) == -ENOENT); break;
    }
    CHECK(CALL(n, SYS_unlink, P(a)) == 0);
}

static struct sockaddr_un mine = { .sun_family = AF_UNIX, .sun_path = "socket" }, handlers = { .sun_family = AF_UNIX, .sun_path = "handler-socket" };
static int my_receiver, handlers_receiver;
static const char *outside;
static volatile uint64_t signals;

static void handler(int signal)
{
    int saved = errno;
    (void)signal;
    once(++signals, "handler-a", "handler-b", outside, &handlers, handlers_receiver);
    errno = saved;
}

static int bound(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && bind(fd, (const struct sockaddr *)address, sizeof *address) == 0);
    return fd;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3 || argc == 4);
    long count = atol(argv[1]);
    long period = argc > 3 ? atol(argv[3]) : 1000; /* microseconds */
    struct itimerval timer = { { 0, period }, { 0, period } };
    outside = argv[2];
    my_receiver = bound(&mine);
    handlers_receiver = bound(&handlers);
    CHECK(sigaction(SIGALRM, &(struct sigaction){ .sa_handler = handler, .sa_flags = SA_RESTART }, NULL) == 0);
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    for (long n = 0; n < count; n++)
        once((uint64_t)n, "a", "b", outside, &mine, my_receiver);
    CHECK(setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL) == 0);
    CHECK(unlink("socket") == 0 && unlink("handler-socket") == 0);
    printf("%llu signals\n", (unsigned long long)signals);
    return 0;
}
