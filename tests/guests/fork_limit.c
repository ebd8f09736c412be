/* fork_limit: makes children that say that they live, until one does not: it must have been killed before its first instruction. Prints how many
 * lived, and tries that one more can be made after one has been reaped. */
#include "guest.h"

/* A child that says so and waits; 0 when it was killed before it could. */
static pid_t lives(int hold, int release)
{
    int said[2];
    char byte;
    CHECK(pipe(said) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        close(release);
        CHECK(write(said[1], "!", 1) == 1);
        close(said[1]);
        wait_byte(hold);
        _exit(0);
    }
    close(said[1]);
    ssize_t got = read(said[0], &byte, 1);
    close(said[0]);
    if (got == 1)
        return child;
    int status = status_of(child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return 0;
}

int main(void)
{
    int ends[2], count = 0;
    pid_t first = 0, child;
    CHECK(pipe(ends) == 0);
    while ((child = lives(ends[0], ends[1])) != 0) {
        if (count++ == 0)
            first = child;
        CHECK(count < 200);
    }
    CHECK(kill(first, SIGKILL) == 0);
    CHECK(WIFSIGNALED(status_of(first)));
    CHECK(lives(ends[0], ends[1]) != 0);
    printf("%d\n", count);
    return 0;
}
