/* Every signal is delivered exactly once, also SIGTRAP (which a tracer uses itself) and SIGSTOP's relatives when they are handled. */
#include "guest.h"

static volatile sig_atomic_t counts[65];

static void count(int signal)
{
    counts[signal]++;
}

int main(void)
{
    static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE,
        SIGALRM, SIGTERM, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGXCPU, SIGWINCH, SIGIO, SIGSYS, 34, 50, 64 };
    struct sigaction action = { .sa_handler = count };
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        CHECK(sigaction(signals[i], &action, NULL) == 0);
        for (int n = 0; n < 20; n++) {
            CHECK(kill(getpid(), signals[i]) == 0);
            CHECK(counts[signals[i]] == n + 1);
        }
    }
    return 0;
}
