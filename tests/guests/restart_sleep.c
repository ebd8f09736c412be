/* nanosleep that a stop interrupts goes on through restart_syscall (a call by another number), with the rest of its time. */
#include "guest.h"

int main(void)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        struct timespec time = { 0, 200 * 1000 * 1000 };
        send_byte(ends[1]);
        CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL) == 0);
        _exit(0);
    }
    CHECK(wait_byte(ends[0]));
    for (int i = 0; i < 5; i++) {
        int status;
        CHECK(kill(child, SIGSTOP) == 0);
        CHECK(waitpid(child, &status, WUNTRACED) == child);
        if (!WIFSTOPPED(status)) {
            CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
            return 0;
        }
        CHECK(kill(child, SIGCONT) == 0);
    }
    exits_with(child, 0);
    return 0;
}
