/* A program starts with every signal at its default and none blocked, whatever its host ignores (.NET ignores SIGPIPE). */
#include "guest.h"

int main(void)
{
    sigset_t blocked;
    for (int signal = 1; signal <= 64; signal++) {
        struct sigaction action;
        if (signal == 32 || signal == 33) /* the C library's own */
            continue;
        CHECK(sigaction(signal, NULL, &action) == 0);
        if (action.sa_handler != SIG_DFL) {
            dprintf(2, "signal %d is not at its default\n", signal);
            return 99;
        }
    }
    CHECK(sigprocmask(SIG_BLOCK, NULL, &blocked) == 0);
    for (int signal = 1; signal <= 64; signal++)
        CHECK(sigismember(&blocked, signal) != 1);
    return 0;
}
