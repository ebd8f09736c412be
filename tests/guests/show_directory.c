/* Prints the working directory as the kernel knows it. */
#include "guest.h"

int main(void)
{
    char path[PATH_MAX];
    CHECK(syscall(SYS_getcwd, path, sizeof path) > 0);
    puts(path);
    return 0;
}
