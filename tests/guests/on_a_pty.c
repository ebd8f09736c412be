/* on_a_pty job|leader PROGRAM ARGUMENT...: runs a program on a fresh pseudo-terminal, as a terminal window and a shell with job control would.
 *
 *   job     this process leads the terminal's session and is the shell: the program is its foreground job, in a process group of its own
 *   leader  the program itself leads the session, as under script(1) or in a window that was opened for it
 *
 * What the terminal shows goes to stdout as it comes. Orders come on stdin, a line each:
 *   type HEX             these bytes are typed
 *   size ROWS COLUMNS    the window is resized
 *   modes                tell the terminal's modes
 *   front                tell whose process group is in front: `shell`, `job`, another's number, or `none` where that group has nobody left
 *   fg                   the job is brought to the front and continued, as a shell's fg does
 *   shell                the shell's group is brought to the front, as a shell does when its job has stopped
 *   hangup               the window is closed: the terminal hangs up, and the shell passes that on to its job
 * and what happens is told on stderr, a line each:
 *   job PID              (first) the program runs
 *   modes HEX            the bytes of struct termios, without its speeds
 *   front WHO
 *   stopped SIGNAL | continued | exited CODE | killed SIGNAL
 */
#include "guest.h"
#include <poll.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>

static int master, slave, is_shell;
static pid_t job;

static void run(char **command)
{
    if (is_shell) {
        CHECK(setpgid(0, 0) == 0);
        CHECK(tcsetpgrp(slave, getpid()) == 0);
    } else {
        CHECK(setsid() == getpid());
        CHECK(ioctl(slave, TIOCSCTTY, 0) == 0);
    }
    for (int fd = 0; fd <= 2; fd++)
        CHECK(dup2(slave, fd) == fd);
    /* Whatever the tests were started with ignored: a job of an interactive shell has its defaults. */
    for (int number = 1; number <= 31; number++)
        signal(number, SIG_DFL);
    CHECK(sigprocmask(SIG_SETMASK, &(sigset_t){ 0 }, NULL) == 0);
    execvp(command[0], command);
    CHECK(!"executed");
}

static void tell_modes(void)
{
    struct termios modes;
    CHECK(tcgetattr(slave, &modes) == 0);
    char text[2 * sizeof modes + 1] = "";
    for (size_t i = 0; i < offsetof(struct termios, c_cc) + sizeof modes.c_cc; i++)
        sprintf(text + 2 * i, "%02x", ((unsigned char *)&modes)[i]);
    dprintf(2, "modes %s\n", text);
}

static void tell_front(void)
{
    /* By the master: a process that does not have the terminal as its own (`leader`) may ask there. */
    pid_t front = -1;
    CHECK(ioctl(master, TIOCGPGRP, &front) == 0);
    if (front == getpid())
        dprintf(2, "front shell\n");
    else if (front <= 0 || (kill(-front, 0) < 0 && errno == ESRCH))
        dprintf(2, "front none\n");
    else if (front == job)
        dprintf(2, "front job\n");
    else
        dprintf(2, "front %d\n", front);
}

static void hang_up(void)
{
    close(slave);
    close(master);
    master = -1;
    if (is_shell) {
        kill(-job, SIGHUP);
        kill(-job, SIGCONT);
    }
}

static void type(const char *hex)
{
    for (unsigned byte; sscanf(hex, "%2x", &byte) == 1; hex += 2)
        CHECK(write(master, &(char){ (char)byte }, 1) == 1);
}

static void obey(const char *order)
{
    struct winsize size = { 0 };
    if (strncmp(order, "type ", 5) == 0)
        type(order + 5);
    else if (sscanf(order, "size %hu %hu", &size.ws_row, &size.ws_col) == 2)
        CHECK(ioctl(master, TIOCSWINSZ, &size) == 0);
    else if (strcmp(order, "modes") == 0)
        tell_modes();
    else if (strcmp(order, "front") == 0)
        tell_front();
    else if (strcmp(order, "fg") == 0) {
        CHECK(tcsetpgrp(slave, job) == 0);
        CHECK(kill(-job, SIGCONT) == 0);
    } else if (strcmp(order, "shell") == 0)
        CHECK(tcsetpgrp(slave, getpid()) == 0);
    else if (strcmp(order, "hangup") == 0)
        hang_up();
    else
        CHECK(!"a known order");
}

/* Orders may come in pieces, and several at once. False when nobody gives any more. */
static int read_orders(void)
{
    static char line[8192];
    static size_t used;
    ssize_t n = read(0, line + used, sizeof line - used - 1);
    if (n <= 0)
        return 0;
    used += (size_t)n;
    for (char *end; (end = memchr(line, '\n', used)) != NULL;) {
        *end = 0;
        obey(line);
        used -= (size_t)(end + 1 - line);
        memmove(line, end + 1, used);
    }
    CHECK(used < sizeof line - 1);
    return 1;
}

/* All that the terminal has to show; false when it is closed or empty. */
static int show(void)
{
    char text[4096];
    struct pollfd ready = { master, POLLIN, 0 };
    if (master < 0 || poll(&ready, 1, 0) <= 0 || (ready.revents & POLLIN) == 0)
        return 0;
    ssize_t n = read(master, text, sizeof text);
    if (n <= 0)
        return 0;
    for (ssize_t done = 0, w; done < n; done += w)
        CHECK((w = write(1, text + done, (size_t)(n - done))) > 0);
    return 1;
}

/* False when the program has ended. */
static int tell_status(void)
{
    int status;
    while (waitpid(job, &status, WNOHANG | WUNTRACED | WCONTINUED) == job) {
        if (WIFSTOPPED(status))
            dprintf(2, "stopped %d\n", WSTOPSIG(status));
        else if (WIFCONTINUED(status))
            dprintf(2, "continued\n");
        else {
            /* What it said last is told before its end. */
            while (show())
                ;
            if (WIFEXITED(status))
                dprintf(2, "exited %d\n", WEXITSTATUS(status));
            else
                dprintf(2, "killed %d\n", WTERMSIG(status));
            return 0;
        }
    }
    return 1;
}

int main(int count, char **arguments)
{
    CHECK(count >= 3);
    is_shell = strcmp(arguments[1], "job") == 0;
    /* A shell takes the terminal back from the background, and outlives a hang-up. */
    signal(SIGTTOU, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    if (is_shell)
        CHECK(setsid() >= 0);
    slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(slave >= 0);
    if (is_shell)
        CHECK(ioctl(slave, TIOCSCTTY, 0) == 0);
    CHECK(ioctl(master, TIOCSWINSZ, &(struct winsize){ .ws_row = 24, .ws_col = 80 }) == 0);

    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    CHECK(sigprocmask(SIG_BLOCK, &child, NULL) == 0);
    int changes = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    CHECK(changes >= 0);
    job = fork();
    CHECK(job >= 0);
    if (job == 0)
        run(arguments + 2);
    if (is_shell) {
        /* Both of them, since either may be the first; the job may have executed by now, and has then done it itself. */
        setpgid(job, job);
        CHECK(tcsetpgrp(slave, job) == 0);
    }
    dprintf(2, "job %d\n", job);

    /* Orders are taken after the program's end too (`modes`, as a shell would find them), until there are none. */
    for (int ended = 0;;) {
        struct pollfd ready[] = { { 0, POLLIN, 0 }, { changes, POLLIN, 0 }, { master, POLLIN, 0 } };
        CHECK(poll(ready, 3, -1) > 0 || errno == EINTR);
        if (ready[2].revents != 0)
            show();
        if (ready[1].revents != 0) {
            struct signalfd_siginfo info;
            CHECK(read(changes, &info, sizeof info) == sizeof info);
            ended = ended || !tell_status();
        }
        if (ready[0].revents != 0 && !read_orders()) {
            if (!ended)
                kill(-job, SIGKILL); /* Not the job alone, which may be a shell before catbox. */
            return 0;
        }
    }
}
