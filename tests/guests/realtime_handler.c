/* A handler gets the siginfo as it was sent, although the signal went through a signal-delivery stop. */
#include "guest.h"

static volatile sig_atomic_t runs;
static siginfo_t last;

static void handler(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    last = *info;
    runs++;
}

int main(void)
{
    struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
    CHECK(sigaction(SIGRTMIN + 5, &action, NULL) == 0);
    for (int i = 0; i < 50; i++) {
        CHECK(sigqueue(getpid(), SIGRTMIN + 5, (union sigval){ .sival_int = 1000 + i }) == 0);
        CHECK(runs == i + 1);
        CHECK(last.si_value.sival_int == 1000 + i && last.si_code == SI_QUEUE && last.si_pid == getpid());
    }
    return 0;
}
