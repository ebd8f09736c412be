/* takes_front: a process in the background that ignores SIGTTOU changes its terminal all the same: its modes, and who is in front. With somebody else in front, that is EPERM. */
#include "guest.h"
#include <termios.h>

int main(void)
{
    struct termios modes;
    int own = open("/dev/tty", O_RDWR | O_CLOEXEC);
    CHECK(own >= 0 && tcgetpgrp(own) != getpgrp());
    signal(SIGTTOU, SIG_IGN);
    CHECK(tcsetpgrp(own, getpgrp()) == -1 && errno == EPERM);
    CHECK(tcgetattr(own, &modes) == 0);
    CHECK(tcsetattr(own, TCSANOW, &modes) == -1 && errno == EPERM);
    CHECK(tcflow(own, TCOOFF) == -1 && errno == EPERM);
    dprintf(1, "took none\n");
    return 0;
}
