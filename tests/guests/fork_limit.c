/* fork_limit: forks until the kernel (or who stands in for it) says EAGAIN, prints how many children there were, and tries that one more can
 * be made after one has been reaped. */
#include "guest.h"

int main(void)
{
    int ends[2], count = 0;
    pid_t first = 0;
    CHECK(pipe(ends) == 0);
    for (;;) {
        pid_t child = fork();
        if (child < 0)
            break;
        if (child == 0) {
            close(ends[1]);
            wait_byte(ends[0]);
            _exit(0);
        }
        if (count++ == 0)
            first = child;
        CHECK(count < 200);
    }
    CHECK(errno == EAGAIN);
    CHECK(kill(first, SIGKILL) == 0);
    CHECK(WIFSIGNALED(status_of(first)));
    pid_t again = fork();
    CHECK(again >= 0);
    if (again == 0)
        _exit(2);
    exits_with(again, 2);
    printf("%d\n", count);
    return 0;
}
