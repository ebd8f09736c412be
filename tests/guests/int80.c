/* int 0x80 from 64-bit code enters the kernel with the i386 call numbers, which the table does not judge: the process is killed (SIGSYS)
 * before the call is made. mkdir is 39 there. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    char *low = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    CHECK(low != MAP_FAILED);
    strncpy(low, argv[1], 4096);
    long result = 39;
    __asm__ volatile("int $0x80" : "+a"(result) : "b"(low), "c"(0755) : "memory");
    return 1;
}
