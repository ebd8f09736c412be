/* sends_by_terminal GROUP SIGNAL WAY: an open file sends a signal when it becomes ready, any signal (F_SETSIG), and nobody is asked when it is sent. A terminal makes the group in front its
 * receiver where it has none (__tty_fasync), so that who puts a group in front may kill it. GROUP is outside: it cannot be put in front, nor made the receiver. The receiver is then the
 * process that has asked.
 *   fcntl, ioctl   the way that signals are asked for: F_SETFL with O_ASYNC, FIOASYNC
 * A process may have its own group signalled, by F_SETOWN and F_SETOWN_EX, unless it shares that with others. */
#include "guest.h"
#include <sys/ioctl.h>
#include <termios.h>

static volatile sig_atomic_t got;

static void count(int signal)
{
    (void)signal;
    got++;
}

int main(int arguments_count, char **arguments)
{
    CHECK(arguments_count == 4);
    pid_t outside = atoi(arguments[1]);
    int own = open("/dev/tty", O_RDWR | O_CLOEXEC), by_ioctl = strcmp(arguments[3], "ioctl") == 0;
    CHECK(own >= 0);
    signal(SIGTTOU, SIG_IGN);
    CHECK(tcsetpgrp(own, outside) == -1 && errno == EPERM);
    CHECK(fcntl(own, F_SETOWN, -outside) == -1 && errno == EPERM);
    CHECK(fcntl(own, F_SETOWN, outside) == -1 && errno == EPERM);
    CHECK(fcntl(own, F_SETOWN_EX, &(struct f_owner_ex){ F_OWNER_PGRP, outside }) == -1 && errno == EPERM);
    CHECK(fcntl(own, F_SETOWN_EX, &(struct f_owner_ex){ F_OWNER_PID, outside }) == -1 && errno == EPERM);

    /* The group in front is the one that we share with whoever is of the same job. */
    struct f_owner_ex owner = { 0 };
    CHECK(fcntl(own, F_SETSIG, atoi(arguments[2])) == 0);
    signal(atoi(arguments[2]), count);
    CHECK((by_ioctl ? ioctl(own, FIOASYNC, &(int){ 1 }) : fcntl(own, F_SETFL, O_RDWR | O_ASYNC)) == 0);
    CHECK((fcntl(own, F_GETFL) & O_ASYNC) != 0);
    CHECK(fcntl(own, F_GETOWN_EX, &owner) == 0);
    CHECK(owner.type == F_OWNER_PID && owner.pid == getpid());
    dprintf(1, "type now\n");
    char line[16];
    CHECK(read(own, line, sizeof line) > 0);
    CHECK(got > 0);
    CHECK((by_ioctl ? ioctl(own, FIOASYNC, &(int){ 0 }) : fcntl(own, F_SETFL, O_RDWR)) == 0);

    /* A group of one's own. */
    pid_t child = fork();
    if (child == 0) {
        int ends[2];
        CHECK(setpgid(0, 0) == 0 && pipe(ends) == 0);
        CHECK(fcntl(ends[0], F_SETOWN, -getpid()) == 0);
        CHECK(fcntl(ends[0], F_SETOWN_EX, &(struct f_owner_ex){ F_OWNER_PGRP, getpid() }) == 0);
        CHECK(fcntl(ends[0], F_GETOWN_EX, &owner) == 0 && owner.type == F_OWNER_PGRP && owner.pid == getpid());
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGRTMIN);
        CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
        CHECK(fcntl(ends[0], F_SETSIG, SIGRTMIN) == 0);
        CHECK((by_ioctl ? ioctl(ends[0], FIOASYNC, &(int){ 1 }) : fcntl(ends[0], F_SETFL, O_ASYNC)) == 0);
        send_byte(ends[1]);
        siginfo_t info;
        CHECK(sigwaitinfo(&set, &info) == SIGRTMIN && info.si_fd == ends[0]);
        _exit(0);
    }
    exits_with(child, 0);
    dprintf(1, "sent none\n");
    return 0;
}
