/* unix_client PATH: connects to a unix socket by its path. Exits with the errno of the call that failed. */
#include "guest.h"
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    CHECK(argc == 2 && strlen(argv[1]) < sizeof address.sun_path);
    strcpy(address.sun_path, argv[1]);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    return connect(fd, (struct sockaddr *)&address, sizeof address) ? errno : 0;
}
