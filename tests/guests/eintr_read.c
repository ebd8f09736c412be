/* Without SA_RESTART a read that a handler interrupted fails with EINTR (signal(7)). */
#include "guest.h"
#include <sys/time.h>

static volatile sig_atomic_t runs;

static void handler(int signal)
{
    (void)signal;
    runs++;
}

int main(void)
{
    char c;
    int ends[2];
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    struct sigaction action = { .sa_handler = handler };
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    struct itimerval timer = { { 0, 5000 }, { 0, 5000 } };
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    CHECK(read(ends[0], &c, 1) == -1 && errno == EINTR);
    CHECK(runs >= 1);
    return 0;
}
