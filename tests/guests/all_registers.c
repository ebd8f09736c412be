/* all_registers: a system call keeps every register but rax, rcx (which gets the address behind it) and r11 (which gets the flags). Each call here is made with a
 * different value in every register, and all are compared afterwards: also where the tracer made another call of it, and where it failed. */
#include "guest.h"

enum { RAX, RBX, RCX, RDX, RSI, RDI, RBP, R8, R9, R10, R11, R12, R13, R14, R15, COUNT };

/* Not static: the assembler text names them, and the compiler must not think that nobody does. */
uint64_t in[COUNT], out[COUNT], flags_before, address_behind;
unsigned char xmm_in[256], xmm_out[256];

static __attribute__((noinline)) void call(void)
{
    __asm__ volatile(
        "push %%rbp\n push %%rbx\n push %%r12\n push %%r13\n push %%r14\n push %%r15\n"
        "lea xmm_in(%%rip), %%rax\n"
        "movdqu 0(%%rax), %%xmm0\n movdqu 16(%%rax), %%xmm1\n movdqu 112(%%rax), %%xmm7\n movdqu 240(%%rax), %%xmm15\n"
        "pushfq\n pop flags_before(%%rip)\n"
        "mov in+8(%%rip), %%rbx\n mov in+24(%%rip), %%rdx\n mov in+32(%%rip), %%rsi\n mov in+40(%%rip), %%rdi\n mov in+48(%%rip), %%rbp\n"
        "mov in+56(%%rip), %%r8\n mov in+64(%%rip), %%r9\n mov in+72(%%rip), %%r10\n mov in+88(%%rip), %%r12\n mov in+96(%%rip), %%r13\n"
        "mov in+104(%%rip), %%r14\n mov in+112(%%rip), %%r15\n mov in(%%rip), %%rax\n"
        "syscall\n"
        "behind:\n"
        "mov %%rax, out(%%rip)\n mov %%rbx, out+8(%%rip)\n mov %%rcx, out+16(%%rip)\n mov %%rdx, out+24(%%rip)\n mov %%rsi, out+32(%%rip)\n"
        "mov %%rdi, out+40(%%rip)\n mov %%rbp, out+48(%%rip)\n mov %%r8, out+56(%%rip)\n mov %%r9, out+64(%%rip)\n mov %%r10, out+72(%%rip)\n"
        "mov %%r11, out+80(%%rip)\n mov %%r12, out+88(%%rip)\n mov %%r13, out+96(%%rip)\n mov %%r14, out+104(%%rip)\n mov %%r15, out+112(%%rip)\n"
        "lea behind(%%rip), %%rax\n mov %%rax, address_behind(%%rip)\n"
        "lea xmm_out(%%rip), %%rax\n"
        "movdqu %%xmm0, 0(%%rax)\n movdqu %%xmm1, 16(%%rax)\n movdqu %%xmm7, 112(%%rax)\n movdqu %%xmm15, 240(%%rax)\n"
        "pop %%r15\n pop %%r14\n pop %%r13\n pop %%r12\n pop %%rbx\n pop %%rbp\n"
        :
        :
        : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc", "xmm0", "xmm1", "xmm7", "xmm15");
}

static long make(long number, uint64_t first, uint64_t second, uint64_t third, uint64_t fourth)
{
    for (int i = 0; i < COUNT; i++)
        in[i] = 0x1111111111111111 * (uint64_t)(i + 1);
    for (int i = 0; i < 256; i++)
        xmm_in[i] = (unsigned char)(i * 7);
    in[RAX] = (uint64_t)number;
    in[RDI] = first;
    in[RSI] = second;
    in[RDX] = third;
    in[R10] = fourth;
    call();
    for (int i = 0; i < COUNT; i++) {
        if (i != RAX && i != RCX && i != R11 && out[i] != in[i]) {
            dprintf(2, "call %ld: register %d is %lx and was %lx\n", number, i, out[i], in[i]);
            _exit(99);
        }
    }
    CHECK(out[RCX] == address_behind);
    CHECK(out[R11] == flags_before);
    CHECK(memcmp(xmm_in, xmm_out, 32) == 0 && memcmp(xmm_in + 112, xmm_out + 112, 16) == 0 && memcmp(xmm_in + 240, xmm_out + 240, 16) == 0);
    return (long)out[RAX];
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    uint64_t here = (uint64_t)(int64_t)AT_FDCWD, refused = (uint64_t)argv[1];
    uint64_t how[3] = { O_WRONLY | O_CREAT, 0644, 0 };
    for (int round = 0; round < 3; round++) {
        CHECK(make(SYS_openat, here, (uint64_t) "mine", O_WRONLY | O_CREAT, 0644) > 2);
        CHECK(make(SYS_open, (uint64_t) "mine", O_WRONLY | O_CREAT | O_TRUNC, 0644, 0x4444) > 2);
        CHECK(make(SYS_creat, (uint64_t) "mine", 0644, 0x3333, 0x4444) > 2);
        CHECK(make(SYS_openat2, here, (uint64_t) "mine", (uint64_t)how, sizeof how) > 2);
        CHECK(make(SYS_openat, here, (uint64_t) "mine/below", O_WRONLY | O_CREAT, 0644) == -ENOTDIR);
        CHECK(make(SYS_openat, here, (uint64_t) "mine", O_WRONLY | O_CREAT | O_EXCL, 0644) == -EEXIST);
        CHECK(make(SYS_openat, here, refused, O_WRONLY | O_CREAT, 0644) == -EACCES || getenv("GUEST_WRITE_ERRNO"));
    }
    return 0;
}
