/* netlink_writes HOW: asks rtnetlink to add an address to an interface that does not exist, through the socket that name look-ups need, by each call that writes; the errno of
 * its answer: ENODEV from a kernel that would do it, EPERM where the caller may not. */
#include "guest.h"
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/uio.h>

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    struct { struct nlmsghdr head; struct ifaddrmsg address; struct rtattr local; uint32_t value; } ask = {
        { .nlmsg_len = sizeof ask, .nlmsg_type = RTM_NEWADDR, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE, .nlmsg_seq = 1 },
        { .ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = 0x7ffffff0 }, { 8, IFA_LOCAL }, 0x0101017f };
    struct { struct nlmsghdr head; struct nlmsgerr error; } told = { 0 };
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    struct iovec vector = { &ask, sizeof ask };
    struct msghdr message = { .msg_name = &kernel, .msg_namelen = sizeof kernel, .msg_iov = &vector, .msg_iovlen = 1 };
    int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), p[2];
    long sent = -1;
    CHECK(s >= 0 && pipe(p) == 0);
    if (strcmp(argv[1], "send") == 0)
        sent = send(s, &ask, sizeof ask, 0);
    else if (strcmp(argv[1], "sendto") == 0)
        sent = sendto(s, &ask, sizeof ask, 0, (struct sockaddr *)&kernel, sizeof kernel);
    else if (strcmp(argv[1], "sendmsg") == 0)
        sent = sendmsg(s, &message, 0);
    else if (strcmp(argv[1], "write") == 0)
        sent = write(s, &ask, sizeof ask);
    else if (strcmp(argv[1], "writev") == 0)
        sent = writev(s, &vector, 1);
    else if (strcmp(argv[1], "splice") == 0)
        sent = write(p[1], &ask, sizeof ask) == sizeof ask ? splice(p[0], NULL, s, NULL, sizeof ask, 0) : -1;
    if (sent < 0) {
        dprintf(1, "%d\n", errno);
        return 0;
    }
    CHECK(recv(s, &told, sizeof told, 0) > 0 && told.head.nlmsg_type == NLMSG_ERROR);
    dprintf(1, "%d\n", -told.error.error);
    return 0;
}
