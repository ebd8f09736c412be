/* The raced calls that name an address, and the structures in memory that are raced beside the path. Part of race_calls.h. */
#ifndef RACE_SOCKETS_H
#define RACE_SOCKETS_H

static socklen_t length_of(const struct sockaddr_un *address)
{
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(address->sun_path) + 1);
}

static long make_connect(struct race *race)
{
    struct sockaddr_un peer;
    socklen_t length = sizeof peer;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), accepted;
    CHECK(fd >= 0);
    race->address->sun_family = AF_UNIX;
    long result = result_of(syscall(SYS_connect, fd, race->address, length_of(race->address)));
    if (result == 0) {
        memset(&peer, 0, sizeof peer);
        CHECK(getpeername(fd, (struct sockaddr *)&peer, &length) == 0);
        race->won |= strncmp(peer.sun_path, "/proc/self/fd/", 14) != 0; /* the receiver inside is bound by such a name */
    }
    close(fd);
    while ((accepted = accept(race->socket, NULL, NULL)) >= 0)
        close(accepted);
    return result;
}

static long make_bind(struct race *race)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    race->address->sun_family = AF_UNIX;
    long result = result_of(syscall(SYS_bind, fd, race->address, length_of(race->address)));
    close(fd);
    return result;
}

/* What was sent and did not come inside went outside: result is the bytes of sendto and sendmsg, and the messages of sendmmsg, of a byte each. */
static long sent(struct race *race, int fd, long result)
{
    char byte;
    long came = 0;
    result = result_of(result);
    while (result > 0 && recv(race->socket, &byte, 1, MSG_DONTWAIT) == 1)
        came++;
    race->won |= result > 0 && came < result;
    close(fd);
    return result;
}

static int datagram_socket(struct race *race)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    CHECK(fd >= 0);
    race->address->sun_family = AF_UNIX;
    return fd;
}

static long make_sendto(struct race *race)
{
    int fd = datagram_socket(race);
    return sent(race, fd, syscall(SYS_sendto, fd, "x", 1L, 0, race->address, length_of(race->address)));
}

static long make_sendmsg(struct race *race)
{
    int fd = datagram_socket(race);
    struct iovec byte = { "x", 1 };
    struct msghdr message = { .msg_name = race->address, .msg_namelen = length_of(race->address), .msg_iov = &byte, .msg_iovlen = 1 };
    return sent(race, fd, syscall(SYS_sendmsg, fd, &message, 0));
}

static long make_sendmmsg(struct race *race)
{
    int fd = datagram_socket(race);
    struct iovec byte = { "x", 1 };
    struct msghdr message = { .msg_name = race->address, .msg_namelen = length_of(race->address), .msg_iov = &byte, .msg_iovlen = 1 };
    struct mmsghdr messages[2] = { { .msg_hdr = message }, { .msg_hdr = message } };
    return sent(race, fd, syscall(SYS_sendmmsg, fd, messages, 2, 0));
}

/* --- what else than a path lies in memory --- */

/* struct open_how: for reading, which is not judged, or for truncating. */
static struct open_how *how_of(struct race *race)
{
    return (struct open_how *)(race->space + 200);
}

static void aim_at_how(struct race *race)
{
    snprintf(PATH, sizeof race->address->sun_path, "%s/t", race->outside);
    *how_of(race) = (struct open_how){ .flags = O_RDONLY | O_CLOEXEC };
    race->word = (volatile uint64_t *)&how_of(race)->flags;
    race->in_word = O_RDONLY | O_CLOEXEC;
    race->out_word = O_RDWR | O_TRUNC | O_CLOEXEC;
}

MAKE(make_openat2_how, opened(syscall(SYS_openat2, AT_FDCWD, PATH, how_of(race), sizeof(struct open_how))))

/* struct msghdr: which of two addresses it points to. */
static struct sockaddr_un *address_outside(struct race *race)
{
    return (struct sockaddr_un *)(race->space + 150);
}

static struct msghdr *message_of(struct race *race)
{
    return (struct msghdr *)(race->space + 200);
}

static void aim_at_name(struct race *race)
{
    static struct iovec byte = { "x", 1 };
    struct sockaddr_un *outside = address_outside(race);
    race->address->sun_family = outside->sun_family = AF_UNIX;
    snprintf(PATH, sizeof outside->sun_path, "%s/t", race->inside);
    snprintf(outside->sun_path, sizeof outside->sun_path, "%s/t", race->outside);
    *message_of(race) = (struct msghdr){ .msg_name = race->address, .msg_namelen = sizeof *outside, .msg_iov = &byte, .msg_iovlen = 1 };
    race->word = (volatile uint64_t *)&message_of(race)->msg_name;
    race->in_word = (uintptr_t)race->address;
    race->out_word = (uintptr_t)outside;
}

static long make_sendmsg_name(struct race *race)
{
    int fd = datagram_socket(race);
    return sent(race, fd, syscall(SYS_sendmsg, fd, message_of(race), 0));
}

/* struct sockaddr_in: family, port and host are eight bytes. The ports are told by files, since the test chooses them. */
static uint64_t internet_word(const char *directory)
{
    char path[PATH_MAX], text[16] = { 0 };
    snprintf(path, sizeof path, "%s/port", directory);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0 && read(fd, text, sizeof text - 1) > 0 && close(fd) == 0);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(text)), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    uint64_t word;
    memcpy(&word, &address, sizeof word);
    return word;
}

static void aim_at_port(struct race *race)
{
    race->word = race->space + 200;
    *race->word = race->in_word = internet_word(race->inside);
    race->out_word = internet_word(race->outside);
}

static long make_connect_internet(struct race *race)
{
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* a connected datagram socket, so that no port is used up by a try */
    CHECK(fd >= 0);
    long result = result_of(syscall(SYS_connect, fd, (const void *)race->word, sizeof peer));
    if (result == 0) {
        CHECK(getpeername(fd, (struct sockaddr *)&peer, &length) == 0);
        if (memcmp(&peer, &race->out_word, 8) == 0) {
            CHECK(send(fd, "x", 1, 0) == 1); /* for the test to see */
            race->won = 1;
        }
    }
    close(fd);
    return result;
}

#endif
