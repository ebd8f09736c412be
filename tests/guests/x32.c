/* x32: a number with bit 30 set under the same audit architecture. Every one of them is ENOSYS, and none is made. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK(syscall(0x40000000 | SYS_mkdir, argv[1], 0755) == -1 && errno == ENOSYS);
    CHECK(syscall(0x40000000 | SYS_getpid) == -1 && errno == ENOSYS);
    CHECK(syscall(0x40000000 | 520, argv[0], NULL, NULL) == -1 && errno == ENOSYS);
    CHECK(syscall(520, argv[0], NULL, NULL) == -1 && errno == ENOSYS);
    return 0;
}
