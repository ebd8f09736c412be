/* opens_within_limit: with no address space left (RLIMIT_AS), a file is opened for writing. Prints the errno, 0 where it works. */
#include "guest.h"
#include <sys/resource.h>

int main(void)
{
    struct rlimit none = { 4096, 4096 };
    CHECK(setrlimit(RLIMIT_AS, &none) == 0);
    int error = write_errno("file");
    char line[16];
    int length = 0;
    if (error >= 10)
        line[length++] = (char)('0' + error / 10);
    line[length++] = (char)('0' + error % 10);
    CHECK(write(1, line, (size_t)length) == length);
    return 0;
}
