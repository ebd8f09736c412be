/* changes_terminal OTHER: what a process may ask of a terminal.
 *
 * OTHER is a terminal that somebody else works at. It can be opened by whoever has the same user, and its modes, its output and its lines could then be changed: EPERM.
 * On its own a process sets modes, but no letter that sends a signal to all of the group in front (VQUIT 'R' and a terminal's answer ESC[1;1R is a SIGQUIT; ESC itself too), nor
 * takes it away from others (TIOCEXCL), nor anything that a list does not have. A pseudo-terminal that it made is its own. */
#include "guest.h"
#include <linux/kd.h>
#include <linux/vt.h>
#include <sys/ioctl.h>
#include <termios.h>

static int sets(int fd, int character, unsigned char value)
{
    struct termios modes;
    CHECK(tcgetattr(fd, &modes) == 0);
    modes.c_cc[character] = value;
    return tcsetattr(fd, TCSANOW, &modes);
}

int main(int count, char **arguments)
{
    CHECK(count == 2);
    int own = open("/dev/tty", O_RDWR | O_CLOEXEC), other = open(arguments[1], O_RDONLY | O_NOCTTY | O_CLOEXEC);
    CHECK(own >= 0 && other >= 0);
    struct termios modes;
    struct winsize size = { 10, 20, 0, 0 };
    CHECK(tcgetattr(other, &modes) == 0);
    CHECK(tcsetattr(other, TCSANOW, &modes) == -1 && errno == EPERM);
    CHECK(tcflow(other, TCOOFF) == -1 && errno == EPERM);
    CHECK(tcflush(other, TCIOFLUSH) == -1 && errno == EPERM);
    CHECK(ioctl(other, TIOCSWINSZ, &size) == -1 && errno == EPERM);
    CHECK(ioctl(other, TIOCEXCL) == -1 && errno == EPERM);

    CHECK(sets(own, VQUIT, 'R') == -1 && errno == EPERM);
    CHECK(sets(own, VINTR, 27) == -1 && errno == EPERM);
    CHECK(sets(own, VSUSP, '\r') == -1 && errno == EPERM);
    CHECK(sets(own, VQUIT, 24) == 0 && sets(own, VQUIT, 28) == 0 && sets(own, VSUSP, 0) == 0 && sets(own, VSUSP, 26) == 0);
    CHECK(sets(own, VEOF, 'q') == 0 && sets(own, VEOF, 4) == 0);
    CHECK(tcflow(own, TCOOFF) == 0 && tcflow(own, TCOON) == 0 && tcflush(own, TCOFLUSH) == 0);
    CHECK(ioctl(own, TIOCEXCL) == -1 && errno == EPERM);
    CHECK(ioctl(own, TIOCCONS) == -1 && errno == EPERM);
    CHECK(ioctl(own, TIOCVHANGUP) == -1 && errno == EPERM);
    CHECK(ioctl(own, TIOCSETD, &(int){ 2 }) == -1 && errno == EPERM);
    CHECK(ioctl(own, KDSETMODE, KD_GRAPHICS) == -1 && errno == ENOTTY);
    CHECK(ioctl(own, KDSKBENT, &(struct kbentry){ 0, 30, 'x' }) == -1 && errno == ENOTTY);
    CHECK(ioctl(own, VT_ACTIVATE, 1) == -1 && errno == ENOTTY);
    CHECK(ioctl(own, 0x54f0) == -1 && errno == ENOTTY);
    CHECK(ioctl(own, TIOCSPGRP, &(pid_t){ 0x3ffffff }) == -1 && errno == ESRCH);
    CHECK(ioctl(own, TIOCSPGRP, &(pid_t){ -1 }) == -1 && errno == EINVAL);
    CHECK(ioctl(own, TIOCSPGRP, NULL) == -1 && errno == EFAULT);
    CHECK(ioctl(open("/dev/null", O_RDWR), TIOCSPGRP, &(pid_t){ getpid() }) == -1);
    CHECK(ioctl(open(".", O_RDONLY), TIOCSPGRP, &(pid_t){ getpid() }) == -1 && errno == ENOTTY);
    CHECK(ioctl(-1, TIOCSPGRP, &(pid_t){ getpid() }) == -1 && errno == EBADF);

    /* One of its own, with a session at it: taken without the right to take it from others (1), which is not had. */
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(slave >= 0 && tcgetattr(slave, &modes) == 0 && tcsetattr(slave, TCSANOW, &modes) == 0);
    CHECK(ioctl(master, TIOCSWINSZ, &size) == 0);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGHUP, SIG_IGN); /* Whoever leads a session and gives its terminal up has that sent to the group in front. */
        CHECK(setsid() == getpid());
        CHECK(ioctl(own, TIOCSCTTY, 1) == -1 && errno == EPERM);
        CHECK(ioctl(slave, TIOCSCTTY, 1) == 0);
        CHECK(tcsetpgrp(slave, getpid()) == 0 && tcgetpgrp(slave) == getpid());
        CHECK(sets(slave, VINTR, 24) == 0);
        CHECK(ioctl(slave, TIOCNOTTY) == 0);
        _exit(0);
    }
    exits_with(child, 0);
    dprintf(1, "changed none\n");
    return 0;
}
