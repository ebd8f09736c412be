/* SA_RESTART: a read that a handler interrupted goes on (signal(7)). The third signal's handler writes what the read waits for. */
#include "guest.h"
#include <sys/time.h>

static int ends[2];
static volatile sig_atomic_t runs;

static void handler(int signal)
{
    (void)signal;
    if (++runs == 3)
        send_byte(ends[1]);
}

int main(void)
{
    char c;
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    struct itimerval timer = { { 0, 5000 }, { 0, 5000 } };
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    CHECK(read(ends[0], &c, 1) == 1);
    CHECK(runs >= 3);
    return 0;
}
