/* Says of each standard stream whether it is a terminal, whether /dev/tty can be opened, and whether the own process group is the one in
 * front, which may read without being stopped by SIGTTIN. */
#include "guest.h"

int main(void)
{
    int own = open("/dev/tty", O_RDWR | O_CLOEXEC);
    dprintf(1, "streams %d%d%d own %d front %d\n", isatty(0), isatty(1), isatty(2), own >= 0, own >= 0 && tcgetpgrp(own) == getpgrp());
    return 0;
}
