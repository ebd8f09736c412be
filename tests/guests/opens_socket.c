/* opens_socket FAMILY TYPE PROTOCOL, as numbers: socket(2) and nothing else. Exits with its errno. A family that is let through has calls, ioctls and
 * options that nobody judges, so that none but the few that are known may be. */
#include "guest.h"
#include <sys/socket.h>

int main(int argc, char **argv)
{
    CHECK(argc == 4);
    return socket(atoi(argv[1]), atoi(argv[2]) | SOCK_CLOEXEC, atoi(argv[3])) < 0 ? errno : 0;
}
