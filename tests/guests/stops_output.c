/* stops_output PATH [pause]: stops the output of its terminal (TCOOFF), then tries to write outside, of which a line is told on that terminal, and exits, or waits to be killed. */
#include "guest.h"
#include <termios.h>

int main(int count, char **arguments)
{
    CHECK(count >= 2);
    int own = open("/dev/tty", O_RDWR | O_CLOEXEC);
    CHECK(own >= 0 && tcflow(own, TCOOFF) == 0);
    refused(arguments[1]);
    while (count > 2)
        pause();
    return 7;
}
