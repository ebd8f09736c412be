/* killed_while_denied PATH ROUNDS: a sibling kills a process that makes refused calls in a loop, each time at another instant: before, in
 * and after its stops, and while its verdict is being made. Everything else goes on. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    for (int round = 0; round < atoi(argv[2]); round++) {
        int started[2];
        CHECK(pipe(started) == 0);
        pid_t victim = fork();
        CHECK(victim >= 0);
        if (victim == 0) {
            send_byte(started[1]);
            for (;;)
                refused(argv[1]);
        }
        pid_t killer = fork();
        CHECK(killer >= 0);
        if (killer == 0) {
            CHECK(wait_byte(started[0]));
            for (volatile int spin = 0; spin < (round * 977) % 60000; spin++) {
            }
            CHECK(kill(victim, SIGKILL) == 0);
            _exit(0);
        }
        exits_with(killer, 0);
        int status = status_of(victim);
        CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        close(started[0]);
        close(started[1]);
    }
    return 0;
}
