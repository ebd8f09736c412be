/* disconnects PORT: connect(AF_UNSPEC) takes the association of a UDP socket back (connect(2)): it names no destination, so that it works where only
 * 127.0.0.1:PORT may be reached. A datagram to AF_UNSPEC is another matter: the kernel sends it to the IPv4 address that stands there. */
#include "guest.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in nothing = { .sin_family = AF_UNSPEC }, peer;
    socklen_t length = sizeof peer;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    CHECK(connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
    CHECK(getpeername(fd, (struct sockaddr *)&peer, &length) == 0 && peer.sin_port == to.sin_port);
    CHECK(connect(fd, (struct sockaddr *)&nothing, sizeof nothing) == 0);
    CHECK(getpeername(fd, (struct sockaddr *)&peer, &length) == -1 && errno == ENOTCONN);
    return 0;
}
