/* connect(AF_UNSPEC) dissolves the association of a datagram socket (connect(2)): it reaches nothing and is no violation. */
#include "guest.h"
#include <sys/socket.h>

int main(void)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    struct sockaddr nothing = { .sa_family = AF_UNSPEC };
    int failed = connect(fd, &nothing, sizeof nothing);
    CHECK(!failed || errno == EINVAL);
    return 0;
}
