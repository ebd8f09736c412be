/* tells_signals LAST CODE: blocks every signal, takes them one by one (sigwaitinfo(2)), and says which one came and how often it has come
 * by now; signal LAST is the last one, and it exits with CODE. "window ROWS COLUMNS" comes after SIGWINCH, as terminal programs ask for it then. */
#include "guest.h"
#include <sys/ioctl.h>

int main(int count, char **arguments)
{
    CHECK(count == 3);
    int times[65] = { 0 };
    sigset_t all;
    sigfillset(&all);
    CHECK(sigprocmask(SIG_BLOCK, &all, NULL) == 0);
    dprintf(1, "ready %d\n", getpid());
    for (;;) {
        int signal = sigwaitinfo(&all, NULL);
        if (signal < 0) {
            CHECK(errno == EINTR);
            continue;
        }
        dprintf(1, "%s %d\n", sigabbrev_np(signal), ++times[signal]);
        struct winsize size;
        if (signal == SIGWINCH) {
            CHECK(ioctl(0, TIOCGWINSZ, &size) == 0);
            dprintf(1, "window %d %d\n", size.ws_row, size.ws_col);
        }
        if (signal == atoi(arguments[1]))
            return atoi(arguments[2]);
    }
}
