/* socketpair(2) and pipes are how the processes of one session talk; no network policy may touch them. */
#include "guest.h"
#include <sys/socket.h>

int main(void)
{
    int ends[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    send_byte(ends[0]);
    CHECK(wait_byte(ends[1]));
    return 0;
}
