/* lease_is_held: truncate of a file on which somebody holds a lease waits for the holder, up to 45 s (fcntl(2), F_SETLEASE). Who makes the call for a guest must
 * not wait: it is EAGAIN, the holder is told, and when the lease is gone the call works. */
#include "guest.h"

static volatile sig_atomic_t told;

static void note(int signal)
{
    (void)signal;
    told = 1;
}

int main(void)
{
    CHECK(signal(SIGIO, note) != SIG_ERR);
    int made = open("leased", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    CHECK(made >= 0 && write(made, "content", 7) == 7 && close(made) == 0);
    int fd = open("leased", O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0 && fcntl(fd, F_SETLEASE, F_RDLCK) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        _exit(truncate("leased", 1) == -1 && errno == EAGAIN ? 0 : 1);
    exits_with(child, 0);
    CHECK(told);
    CHECK(fcntl(fd, F_SETLEASE, F_UNLCK) == 0);
    CHECK(truncate("leased", 1) == 0);
    return 0;
}
