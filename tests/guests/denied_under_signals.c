/* denied_under_signals PATH COUNT: refused calls while a timer's handler keeps interrupting: a refused call is never restarted, fails
 * exactly once, and always with its own errno. */
#include "guest.h"
#include <sys/time.h>

static volatile sig_atomic_t runs;

static void handler(int signal)
{
    (void)signal;
    runs++;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    struct itimerval timer = { { 0, 200 }, { 0, 200 } };
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    for (int i = 0; i < atoi(argv[2]); i++)
        refused(argv[1]);
    return 0;
}
