/* opens_pty: a new pseudo-terminal is opened by both ends, and asked for its settings (pty(7)). Under Landlock the slave is a file below /dev/pts, and
 * each request is an ioctl on a device. */
#include "guest.h"
#include <sys/ioctl.h>
#include <termios.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

int main(void)
{
    struct termios settings;
    struct winsize size = { 24, 80, 0, 0 };
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(master >= 0);
    CHECK(grantpt(master) == 0 && unlockpt(master) == 0);
    char *name = ptsname(master);
    CHECK(name);
    int slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(slave >= 0);
    CHECK(tcgetattr(slave, &settings) == 0 && tcsetattr(slave, TCSANOW, &settings) == 0);
    CHECK(ioctl(master, TIOCSWINSZ, &size) == 0);
    int peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(peer >= 0 || errno == EINVAL || errno == ENOTTY);
    CHECK(isatty(slave) && write(slave, "x", 1) == 1);
    return 0;
}
