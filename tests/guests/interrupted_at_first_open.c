/* interrupted_at_first_open HOW COUNT: programs that open a file for writing as the first thing they do, while their maker stops and continues them (stop), has handlers of theirs run (handle) or
 * kills them (kill) all the time. Whatever a tracer has them do first can be interrupted at any step; each opens its own file, or is killed. */
#include "guest.h"

static void handler(int signal)
{
    (void)signal;
    CHECK(write_errno("handled") == 0);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    if (strcmp(argv[1], "executed") == 0) {
        struct stat by_fd, by_name;
        struct sigaction action = { .sa_handler = handler };
        sigset_t none;
        CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && sigemptyset(&none) == 0 && sigprocmask(SIG_SETMASK, &none, NULL) == 0);
        int fd = open(argv[2], O_WRONLY | O_CREAT | O_EXCL, 0644);
        CHECK(fd >= 0 && fstat(fd, &by_fd) == 0 && stat(argv[2], &by_name) == 0 && by_fd.st_ino == by_name.st_ino);
        CHECK(unlink(argv[2]) == 0);
        return 7;
    }
    /* In a child, until it has a handler. */
    sigset_t usr1;
    CHECK(sigemptyset(&usr1) == 0 && sigaddset(&usr1, SIGUSR1) == 0 && sigprocmask(SIG_BLOCK, &usr1, NULL) == 0);
    int kills = strcmp(argv[1], "kill") == 0, handles = strcmp(argv[1], "handle") == 0, status;
    for (long i = 0; i < atol(argv[2]); i++) {
        char name[32];
        snprintf(name, sizeof name, "file%ld", i);
        pid_t child = fork();
        if (child == 0) {
            execl("/proc/self/exe", argv[0], "executed", name, (char *)NULL);
            _exit(98);
        }
        pid_t ended = 0;
        for (long round = 0; ended == 0; round++) {
            if (kills && round == i)
                kill(child, SIGKILL);
            else if (handles)
                kill(child, SIGUSR1);
            else if (!kills) {
                kill(child, SIGSTOP);
                for (volatile long j = 0; j < round % 64 * 200; j++)
                    ;
                kill(child, SIGCONT);
            }
            ended = waitpid(child, &status, WNOHANG);
        }
        CHECK(ended == child && (WIFEXITED(status) ? WEXITSTATUS(status) == 7 : kills && WTERMSIG(status) == SIGKILL));
    }
    return 0;
}
