/* io_uring makes calls in kernel workers, where no filter and no tracer sees them: ENOSYS, and runtimes fall back. */
#include "guest.h"

int main(void)
{
    char parameters[120] = { 0 };
    CHECK(syscall(425, 4, parameters) == -1 && errno == ENOSYS);
    CHECK(syscall(426, -1, 0, 0, 0, NULL, 0) == -1 && errno == ENOSYS);
    CHECK(syscall(427, -1, 0, NULL, 0) == -1 && errno == ENOSYS);
    return 0;
}
