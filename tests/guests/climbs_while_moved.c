/* climbs_while_moved DIR TRIES: a process stands in a directory that is deeper than a path can say, and opens "../file"; another one moves that directory between two, all the
 * while. In the one the file may be written, in the other ("shut") the policy denies it: an open that was judged where the directory was, and is made where it is, makes the file there.
 * Prints how often each was opened, and whether the one that is denied is there. */
#include "guest.h"
#include <signal.h>

int main(int argc, char **argv)
{
    char name[201];
    CHECK(argc == 3 && chdir(argv[1]) == 0);
    memset(name, 'n', 200);
    name[200] = 0;
    for (int i = 0; i < 24; i++)
        CHECK(mkdir(name, 0755) == 0 && chdir(name) == 0);
    CHECK(mkdir("open", 0755) == 0 && mkdir("shut", 0755) == 0 && mkdir("open/x", 0755) == 0);
    int base = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(base >= 0 && chdir("open/x") == 0);
    pid_t mover = fork();
    if (mover == 0)
        for (;;) {
            renameat(base, "open/x", base, "shut/x");
            renameat(base, "shut/x", base, "open/x");
        }
    CHECK(mover > 0);
    int opened = 0, refusals = 0;
    for (int i = atoi(argv[2]); i > 0; i--) {
        int fd = open("../file", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        opened += fd >= 0;
        refusals += fd < 0;
        CHECK(fd < 0 || close(fd) == 0);
    }
    CHECK(kill(mover, SIGKILL) == 0);
    printf("%d %d %s\n", opened, refusals, faccessat(base, "shut/file", F_OK, 0) == 0 ? "won" : "not won");
    return 0;
}
