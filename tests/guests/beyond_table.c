/* A call that is newer than the table is answered ENOSYS, as by a kernel that does not know it. */
#include "guest.h"

int main(void)
{
    for (long number = 470; number < 520; number++)
        CHECK(syscall(number, 0, 0, 0, 0, 0, 0) == -1 && errno == ENOSYS);
    CHECK(syscall(4000, 0, 0, 0, 0, 0, 0) == -1 && errno == ENOSYS);
    CHECK(syscall(-2L, 0, 0, 0, 0, 0, 0) == -1 && errno == ENOSYS);
    return 0;
}
