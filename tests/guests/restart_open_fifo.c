/* restart_open_fifo: an open of a FIFO blocks until somebody reads. A handler interrupts it, opens another file for writing, and the first
 * open is restarted: it must get the FIFO, not the handler's file (whoever rewrites arguments has to put them back). */
#include "guest.h"
#include <sys/time.h>

static volatile sig_atomic_t runs;

static void handler(int signal)
{
    (void)signal;
    CHECK(write_errno("other") == 0);
    if (++runs == 3)
        CHECK(open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC) >= 0);
}

int main(void)
{
    struct stat is;
    CHECK(mkfifo("fifo", 0600) == 0);
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    struct itimerval timer = { { 0, 5000 }, { 0, 5000 } };
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    int fd = open("fifo", O_WRONLY | O_CLOEXEC);
    CHECK(fd >= 0 && fstat(fd, &is) == 0 && S_ISFIFO(is.st_mode));
    CHECK(runs >= 3);
    return 0;
}
