/* swaps_descriptor TRIES OUTSIDE: descriptor 9 is a pipe, and a thread puts a file that may only be read in its place, to and fro (dup3). The main thread opens /proc/self/fd/9 for
 * writing, truncating. Judged as the pipe and then opened, it may be the file. Each child makes some tries, since one that gets the file may be killed for it; prints how often the file
 * came out and the child lived. */
#include "guest.h"

static int pipes[2], file;
static volatile int done;

static void *swap(void *unused)
{
    (void)unused;
    while (!done) {
        dup3(file, 9, O_CLOEXEC);
        dup3(pipes[1], 9, O_CLOEXEC);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    long tries = atol(argv[1]), won = 0;
    struct stat outside, got;
    CHECK(stat(argv[2], &outside) == 0 && pipe(pipes) == 0);
    file = open(argv[2], O_RDONLY | O_CLOEXEC);
    CHECK(file >= 0 && dup3(pipes[1], 9, O_CLOEXEC) == 9);
    for (long made = 0; made < tries; made += 500) {
        pid_t child = fork();
        if (child == 0) {
            int hits = 0;
            pthread_t thread;
            CHECK(pthread_create(&thread, NULL, swap, NULL) == 0);
            for (int i = 0; i < 500; i++) {
                int fd = open("/proc/self/fd/9", O_WRONLY | O_TRUNC | O_NONBLOCK | O_CLOEXEC);
                if (fd >= 0) {
                    hits += fstat(fd, &got) == 0 && got.st_ino == outside.st_ino && got.st_dev == outside.st_dev;
                    close(fd);
                }
            }
            done = 1;
            CHECK(pthread_join(thread, NULL) == 0);
            _exit(hits > 0);
        }
        int status = status_of(child);
        CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) <= 1);
        won += WIFEXITED(status) && WEXITSTATUS(status) == 1;
    }
    printf("%ld\n", won);
    return 0;
}
