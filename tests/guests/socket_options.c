/* socket_options FAMILY option LEVEL NUMBER: sets an option of a UDP socket. socket_options FAMILY control LEVEL TYPE INTERFACE PORT: sends a datagram to
 * the loopback with one control message. A way, a sender or a link of its own takes a packet past the address that was judged. The errno. */
#include "guest.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
    CHECK(argc >= 5);
    int family = atoi(argv[1]) == 6 ? AF_INET6 : AF_INET, level = atoi(argv[3]), type = atoi(argv[4]);
    int s = strcmp(argv[1], "none") == 0 ? -1 : strcmp(argv[1], "file") == 0 ? open("/dev/null", O_RDONLY) : socket(family, SOCK_DGRAM, 0);
    char bytes[256] = { 0 };
    if (strcmp(argv[2], "option") == 0) {
        dprintf(1, "%d\n", setsockopt(s, level, type, bytes, sizeof(int)) < 0 ? errno : 0);
        return 0;
    }

    CHECK(argc == 7 && s >= 0);
    int interface = atoi(argv[5]);
    struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[6])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(atoi(argv[6])), .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    char control[CMSG_SPACE(64)] __attribute__((aligned(8))) = { 0 };
    struct cmsghdr *head = (struct cmsghdr *)control;
    int is4 = level == IPPROTO_IP && type == IP_PKTINFO, is6 = level == IPPROTO_IPV6 && (type == 50 || type == 2);
    head->cmsg_level = level;
    head->cmsg_type = type;
    head->cmsg_len = CMSG_LEN(is4 ? sizeof(struct in_pktinfo) : is6 ? 20 : level == IPPROTO_IPV6 && type > 52 && type < 60 ? 24 : sizeof(int));
    if (is4)
        memcpy(CMSG_DATA(head), &interface, sizeof interface);
    else if (is6)
        memcpy(CMSG_DATA(head) + 16, &interface, sizeof interface);
    else if (type == IP_TTL)
        memcpy(CMSG_DATA(head), &(int){ 9 }, sizeof(int));
    else if (level == IPPROTO_IPV6 && type == 57) { /* segment routing, one segment */
        memcpy(CMSG_DATA(head), (char[]){ 0, 2, 4, 0 }, 4);
        memcpy(CMSG_DATA(head) + 8, &to6.sin6_addr, 16);
    }
    struct iovec text = { "hello", 5 };
    struct msghdr message = { .msg_name = family == AF_INET ? (void *)&to4 : (void *)&to6, .msg_namelen = family == AF_INET ? sizeof to4 : sizeof to6,
        .msg_iov = &text, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_ALIGN(head->cmsg_len) };
    struct mmsghdr messages = { .msg_hdr = message };
    int result = getenv("SENDMMSG") ? sendmmsg(s, &messages, 1, 0) : (int)sendmsg(s, &message, 0);
    dprintf(1, "%d\n", result < 0 ? errno : 0);
    return 0;
}
