/* spoils_terminal [CODE]: puts the terminal into raw mode without echo, as an editor does, and leaves it so: exits with CODE, or waits to be killed.
 * It takes the front for a process group of its own before, as a shell does for a job. */
#include "guest.h"
#include <termios.h>

int main(int count, char **arguments)
{
    struct termios modes;
    int own = open("/dev/tty", O_RDWR | O_CLOEXEC);
    CHECK(own >= 0);
    CHECK(signal(SIGTTOU, SIG_IGN) != SIG_ERR);
    CHECK(setpgid(0, 0) == 0);
    CHECK(tcsetpgrp(own, getpid()) == 0);
    CHECK(tcgetattr(own, &modes) == 0);
    cfmakeraw(&modes);
    CHECK(tcsetattr(own, TCSANOW, &modes) == 0);
    dprintf(1, "spoilt %d\n", getpid());
    if (count == 2)
        return atoi(arguments[1]);
    for (;;)
        pause();
}
