/* opens_foreign_descriptor HOW PID NUMBER: writes what another process has open and what has no name (a memfd, a pipe), by its link in /proc, and says the
 * errno. HOW: open, openat (a descriptor of its table), thread (its task directory), truncate, or twice: opened for reading first, which nobody
 * stops, and then again for writing as a descriptor of one's own. */
#include "guest.h"

int main(int argc, char **argv)
{
    char path[128];
    CHECK(argc == 4);
    int fd = -1;
    if (strcmp(argv[1], "openat") == 0) {
        snprintf(path, sizeof path, "/proc/%s/fd", argv[2]);
        int table = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        CHECK(table >= 0);
        fd = openat(table, argv[3], O_RDWR | O_NONBLOCK);
    } else if (strcmp(argv[1], "thread") == 0) {
        snprintf(path, sizeof path, "/proc/%s/task/%s/fd/%s", argv[2], argv[2], argv[3]);
        fd = open(path, O_RDWR | O_NONBLOCK);
    } else {
        snprintf(path, sizeof path, "/proc/%s/fd/%s", argv[2], argv[3]);
        if (strcmp(argv[1], "truncate") == 0)
            fd = truncate(path, 1);
        else if (strcmp(argv[1], "twice") == 0) {
            int reading = open(path, O_RDONLY | O_NONBLOCK);
            CHECK(reading >= 0);
            snprintf(path, sizeof path, "/proc/self/fd/%d", reading);
            fd = open(path, O_RDWR | O_NONBLOCK);
        } else
            fd = open(path, O_RDWR | O_NONBLOCK);
    }
    printf("%d\n", fd < 0 ? errno : 0);
    if (fd > 2)
        CHECK(write(fd, "guest", 5) == 5);
    return 0;
}
