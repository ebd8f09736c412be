/* flips_port sendto|sendmsg|sendmmsg TRIES PORT_A PORT_B: a thread changes one byte of the port that a datagram is sent to, to and fro, while the main thread sends.
 * Port A is allowed, B is not; they differ in one byte. A tracer that judges what it reads and lets the kernel read it again is beaten: a byte comes to B, as whoever
 * listens there can tell. */
#include "guest.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static volatile char *place;
static char one, other;
static volatile int done;

static void *flip(void *unused)
{
    (void)unused;
    while (!done) {
        *place = other;
        /* Of no constant length: what wins is a change that falls between the two readings. */
        for (volatile int i = 0; i < 300; i++)
            ;
        *place = one;
        for (volatile int i = 0; i < 300; i++)
            ;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 5);
    const char *call = argv[1];
    long tries = atol(argv[2]), allowed = 0;
    static struct sockaddr_in to = { .sin_family = AF_INET };
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)atoi(argv[3]));
    in_port_t forbidden = htons((uint16_t)atoi(argv[4]));
    size_t at = ((char *)&to.sin_port)[0] == ((char *)&forbidden)[0];
    place = (char *)&to.sin_port + at;
    one = *place;
    other = ((char *)&forbidden)[at];

    pthread_t thread;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && pthread_create(&thread, NULL, flip, NULL) == 0);
    struct iovec part = { "x", 1 };
    struct mmsghdr message = { { .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &part, .msg_iovlen = 1 }, 77 };
    for (long i = 0; i < tries; i++) {
        if (strcmp(call, "sendto") == 0) {
            allowed += sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to) == 1;
        } else if (strcmp(call, "sendmsg") == 0) {
            allowed += sendmsg(fd, &message.msg_hdr, 0) == 1;
        } else {
            CHECK(strcmp(call, "sendmmsg") == 0);
            if (sendmmsg(fd, &message, 1, 0) == 1) {
                CHECK(message.msg_len == 1);
                allowed++;
            }
        }
    }
    done = 1;
    CHECK(pthread_join(thread, NULL) == 0 && allowed > 0);
    return 0;
}
