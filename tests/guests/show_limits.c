/* Prints the soft and the hard limit of open files. */
#include "guest.h"
#include <sys/resource.h>

int main(void)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    printf("%lu %lu\n", (unsigned long)limit.rlim_cur, (unsigned long)limit.rlim_max);
    return 0;
}
