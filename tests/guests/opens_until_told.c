/* opens_until_told FILE: opens a file that may be written, again and again, and one that may not between, until its standard input ends: a steady stream of one kind of
 * stop, for counting what the tracer does about each. */
#include "guest.h"
#include <poll.h>

int main(int argc, char **argv)
{
    struct pollfd in = { .fd = 0, .events = POLLIN };
    CHECK(argc == 2);
    while (poll(&in, 1, 0) == 0) {
        for (int i = 0; i < 200; i++) {
            int fd = open(argv[1], O_WRONLY | O_CREAT, 0644);
            CHECK(fd >= 0 && close(fd) == 0);
        }
        CHECK(open("/usr/share/catbox-is-refused", O_WRONLY | O_CREAT, 0644) < 0 && errno == EACCES);
    }
    return 0;
}
