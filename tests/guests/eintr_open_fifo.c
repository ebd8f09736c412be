/* A judged call that blocks is interruptible as it is without a tracer: EINTR when the handler has no SA_RESTART. */
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
    CHECK(mkfifo("fifo", 0600) == 0);
    struct sigaction action = { .sa_handler = handler };
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    struct itimerval timer = { { 0, 5000 }, { 0, 5000 } };
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    CHECK(open("fifo", O_WRONLY | O_CLOEXEC) == -1 && errno == EINTR);
    CHECK(runs >= 1);
    return 0;
}
