/* reaches CALL [ADDRESS]: one socket and one call that names an address (or, listen, none); exits with the errno of what failed. ADDRESS is
 * 4:127.0.0.1:80, 6:::1:80, 0:127.0.0.1:80 (family AF_UNSPEC), a unix path, or @NAME for an abstract name.
 * Every call that can carry a destination is a door of its own: what is refused by connect(2) must be refused by each of them. */
#include "guest.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct sockaddr_storage address;
static socklen_t length;
static int family;

static void parse_internet(char *text)
{
    char *port = strrchr(text, ':');
    CHECK(port && port > text + 1);
    *port++ = 0;
    if (text[0] == '6') {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;
        *v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)atoi(port)) };
        CHECK(inet_pton(AF_INET6, text + 2, &v6->sin6_addr) == 1);
        family = AF_INET6;
        length = sizeof *v6;
        return;
    }
    struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
    *v4 = (struct sockaddr_in){ .sin_family = text[0] == '0' ? AF_UNSPEC : AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
    CHECK(inet_pton(AF_INET, text + 2, &v4->sin_addr) == 1);
    family = AF_INET;
    length = sizeof *v4;
}

static void parse_unix(const char *text)
{
    struct sockaddr_un *un = (struct sockaddr_un *)&address;
    CHECK(strlen(text) < sizeof un->sun_path);
    un->sun_family = family = AF_UNIX;
    memcpy(un->sun_path, text, strlen(text));
    length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(text) + (text[0] == '/'));
    if (text[0] == '@')
        un->sun_path[0] = 0;
}

static long call(const char *name, int fd)
{
    struct sockaddr *to = (struct sockaddr *)&address;
    struct iovec hello = { "hello", 5 };
    struct mmsghdr messages[2] = {
        { .msg_hdr = { .msg_name = to, .msg_namelen = length, .msg_iov = &hello, .msg_iovlen = 1 } },
        { .msg_hdr = { .msg_name = to, .msg_namelen = length, .msg_iov = &hello, .msg_iovlen = 1 } },
    };
    if (strcmp(name, "connect") == 0)
        return connect(fd, to, length);
    if (strcmp(name, "sendto") == 0)
        return sendto(fd, "hello", 5, 0, to, length);
    if (strcmp(name, "sendmsg") == 0)
        return sendmsg(fd, &messages[0].msg_hdr, 0);
    if (strcmp(name, "sendmmsg") == 0)
        return sendmmsg(fd, messages, 2, 0);
    if (strcmp(name, "fastopen") == 0)
        return sendto(fd, "hello", 5, MSG_FASTOPEN, to, length);
    if (strcmp(name, "bind") == 0) {
        int failed = bind(fd, to, length);
        return failed ? failed : listen(fd, 1);
    }
    if (strcmp(name, "listen") == 0)
        return listen(fd, 1);
    CHECK(!"a known call");
    return -1;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    if (argv[2][0] == '/' || argv[2][0] == '@')
        parse_unix(argv[2]);
    else
        parse_internet(argv[2]);
    int fd = socket(family, (strncmp(argv[1], "send", 4) == 0 ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    return call(argv[1], fd) < 0 ? errno : 0;
}
