/* registers_survive PATH: the system call ABI keeps every register but rax, rcx and r11 (System V ABI, A.2.1); a tracer that rewrites
 * arguments has to put them back, for refused and for allowed calls. */
#include "guest.h"

static void check_call(const char *path, int flags, long expected)
{
    register long rdi __asm__("rdi") = AT_FDCWD;
    register const char *rsi __asm__("rsi") = path;
    register long rdx __asm__("rdx") = flags;
    register long r10 __asm__("r10") = 0644;
    register long r8 __asm__("r8") = 0x8888888888888888;
    register long r9 __asm__("r9") = 0x9999999999999999;
    long rax = SYS_openat;
    __asm__ volatile("syscall" : "+a"(rax), "+r"(rdi), "+r"(rsi), "+r"(rdx), "+r"(r10), "+r"(r8), "+r"(r9) : : "rcx", "r11", "memory");
    long kept = rdi == AT_FDCWD && rsi == path && rdx == flags && r10 == 0644 && r8 == (long)0x8888888888888888
        && r9 == (long)0x9999999999999999;
    CHECK(expected < 0 ? rax == expected : rax >= 0);
    CHECK(kept);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    check_call(argv[1], O_WRONLY | O_CREAT | O_CLOEXEC, getenv("GUEST_WRITE_ERRNO") ? 0 : -EACCES);
    check_call("mine", O_WRONLY | O_CREAT | O_CLOEXEC, 0);
    check_call("mine", O_RDONLY | O_CLOEXEC, 0);
    return 0;
}
