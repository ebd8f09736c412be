/* asks_access PATH...: whether access, faccessat and faccessat2 say of each path that it may be written what opening it for writing, and making a file in it, comes to. Prints the errnos. Looking,
 * reading and executing are answered by the kernel: those must not change. */
#include "guest.h"

#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif

static int error(long result)
{
    return result < 0 ? errno : 0;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int write = error(syscall(SYS_access, argv[i], W_OK));
        CHECK(error(syscall(SYS_access, argv[i], R_OK | W_OK)) == write);
        CHECK(error(syscall(SYS_faccessat, AT_FDCWD, argv[i], W_OK)) == write);
        CHECK(error(syscall(SYS_faccessat2, AT_FDCWD, argv[i], W_OK, 0)) == write);
        CHECK(error(syscall(SYS_faccessat2, AT_FDCWD, argv[i], W_OK, AT_EACCESS)) == write);
        printf("%s %d %d\n", argv[i], error(syscall(SYS_access, argv[i], F_OK)), write);
    }
    return 0;
}
