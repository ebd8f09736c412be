/* A call that somebody else is asked about, and a signal that comes meanwhile: its handler runs before the answer is there.
 * argv: handled or fatal. The child sends the signal a moment later. */
#include "guest.h"

static void handler(int signal)
{
    (void)signal;
    CHECK(write(1, "got\n", 4) == 4);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "handled") == 0) {
        struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
        CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    }
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        usleep(100 * 1000);
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    int file = open("asked", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    CHECK(file >= 0 && write(1, "opened\n", 7) == 7);
    CHECK(waitpid(child, NULL, 0) == child);
    return 0;
}
