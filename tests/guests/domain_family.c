/* domain_family: inside of one Landlock domain processes signal and read each other as outside of any. */
#include "guest.h"

int main(void)
{
    int pipes[2];
    CHECK(pipe(pipes) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        close(pipes[1]);
        wait_byte(pipes[0]);
        _exit(1);
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/environ", child);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0);
    close(fd);
    CHECK(kill(child, SIGKILL) == 0);
    int status = status_of(child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return 0;
}
