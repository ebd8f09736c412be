/* denied_until_told: opens a file outside for writing, again and again, until its standard input ends: a steady stream of one kind of stop, for
 * counting what the tracer does about each. */
#include "guest.h"
#include <poll.h>

int main(void)
{
    struct pollfd in = { .fd = 0, .events = POLLIN };
    while (poll(&in, 1, 0) == 0)
        for (int i = 0; i < 200; i++)
            CHECK(open("/usr/share/catbox-is-refused", O_WRONLY | O_CREAT, 0644) < 0 && errno == EACCES);
    return 0;
}
