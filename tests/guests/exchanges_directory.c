/* exchanges_directory TRIES NAME OUTSIDE [execute]: a child exchanges d/, a directory, for l, a link to a directory outside (RENAME_EXCHANGE, both in the writable directory), to and fro;
 * the parent opens d/NAME for writing, made if it is not there, and by O_TRUNC. Resolved to the directory and then opened, the kernel may walk through the link. Prints how
 * often the file that was opened is the one outside. With "execute" it is executed, where the one outside exits with 7 and may not run. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 4 || argc == 5);
    int executes = argc == 5;
    long tries = atol(argv[1]), won = 0, opened = 0;
    char path[PATH_MAX], outside[PATH_MAX];
    snprintf(path, sizeof path, "d/%s", argv[2]);
    snprintf(outside, sizeof outside, "%s/%s", argv[3], argv[2]);
    if (!executes)
        CHECK(mkdir("d", 0755) == 0);
    CHECK(symlink(argv[3], "l") == 0);
    pid_t child = fork();
    if (child == 0) {
        for (;;)
            syscall(SYS_renameat2, AT_FDCWD, "d", AT_FDCWD, "l", 2 /* RENAME_EXCHANGE */);
    }
    for (long i = 0; executes && i < tries; i++) {
        pid_t program = vfork();
        if (program == 0) {
            execl(path, path, (char *)NULL);
            _exit(42);
        }
        int status = status_of(program);
        CHECK(WIFEXITED(status) || WTERMSIG(status) == SIGKILL);
        opened += WIFEXITED(status) && WEXITSTATUS(status) == 0;
        won += WIFEXITED(status) && WEXITSTATUS(status) == 7;
    }
    for (long i = 0; !executes && i < tries; i++) {
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (fd >= 0) {
            struct stat got, not;
            opened++;
            won += stat(outside, &not) == 0 && fstat(fd, &got) == 0 && got.st_ino == not.st_ino && got.st_dev == not.st_dev;
            close(fd);
        } else {
            /* The link leads outside, where it is refused. Nothing else may come of it. */
            CHECK(errno == EACCES || errno == ELOOP);
        }
    }
    CHECK(kill(child, SIGKILL) == 0);
    status_of(child);
    CHECK(opened > 0);
    printf("%ld\n", won);
    return 0;
}
