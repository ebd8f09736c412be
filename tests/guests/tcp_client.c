/* tcp_client ADDRESS PORT: one socket, one connect, as a network client makes them. Exits with the errno of the call that failed. */
#include "guest.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2])) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)atoi(argv[2])) };
    int is_v6 = inet_pton(AF_INET6, argv[1], &v6.sin6_addr) == 1;
    CHECK(is_v6 || inet_pton(AF_INET, argv[1], &v4.sin_addr) == 1);
    int fd = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    int failed = is_v6 ? connect(fd, (struct sockaddr *)&v6, sizeof v6) : connect(fd, (struct sockaddr *)&v4, sizeof v4);
    return failed ? errno : 0;
}
