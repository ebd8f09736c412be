/* repeats KIND PATH [COUNT]: does the same thing COUNT times; without COUNT a hundred times for each byte of its standard input, and answers with a byte
 * when it has: so many stops of one kind, and no more while nobody asks, for counting what the tracer does about each.
 *   open   opens PATH for writing, which is refused        mkdir  makes the directory PATH, which is refused
 *   write  opens PATH for writing, which is allowed        spawn  forks, executes PATH, waits for its end */
#include "guest.h"

static void once(const char *kind, const char *path)
{
    if (strcmp(kind, "open") == 0) {
        CHECK(open(path, O_WRONLY | O_CREAT, 0644) < 0 && errno == EACCES);
    } else if (strcmp(kind, "mkdir") == 0) {
        CHECK(mkdir(path, 0755) < 0 && errno == EACCES);
    } else if (strcmp(kind, "write") == 0) {
        int fd = open(path, O_WRONLY | O_CREAT, 0644);
        CHECK(fd >= 0);
        close(fd);
    } else {
        CHECK(strcmp(kind, "spawn") == 0);
        pid_t pid = fork();
        if (pid == 0) {
            execl(path, path, (char *)NULL);
            _exit(99);
        }
        exits_with(pid, 0);
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 3 || argc == 4);
    for (long i = argc == 4 ? atol(argv[3]) : 0; i > 0; i--)
        once(argv[1], argv[2]);
    while (argc == 3 && wait_byte(0)) {
        for (int i = 0; i < 100; i++)
            once(argv[1], argv[2]);
        send_byte(1);
    }
    return 0;
}
