/* race_restart: a call that blocks (a FIFO without a reader, a queue that is full) is interrupted by a signal whose handler is SA_RESTART, and made
 * again by the kernel from the registers. In between the handler makes a call of the same kind on another object that is allowed; or, where the call's name
 * begins with flipped-, it changes what the argument says. The call that is made again must be on the object that it asks for, and be judged anew:
 * a sealed copy of the argument that is still in the registers would by then say what the handler's call asked for.
 *
 * The arguments are those of race.h. Won: the call did what was asked of another one, or something outside. */
#include "guest.h"
#include <linux/openat2.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <ucontext.h>

static enum { OPEN, CREAT, OPENAT2, CONNECT, SENDTO, SENDMSG } call;
static int flipped, turn;
static volatile sig_atomic_t handled, restarts;
static struct sockaddr_un target, other, outside; /* their paths serve the opens too */
static int receiver, other_receiver, reader = -1;
static long refusals;

static int opens(void)
{
    return call <= OPENAT2;
}

static void name(struct sockaddr_un *address, const char *directory, const char *last)
{
    address->sun_family = AF_UNIX;
    CHECK(snprintf(address->sun_path, sizeof address->sun_path, "%s/%s", directory, last) < (int)sizeof address->sun_path);
}

static socklen_t length_of(const struct sockaddr_un *address)
{
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(address->sun_path) + 1);
}

static long make_open(const char *path, uint64_t flags)
{
    struct open_how how = { .flags = flags | O_CLOEXEC, .mode = flags & O_CREAT ? 0644 : 0 };
    switch (call) {
    case OPEN: return syscall(SYS_open, path, how.flags, how.mode);
    case CREAT: return syscall(SYS_creat, path, 0644);
    default: return syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
    }
}

static long make_send(int fd, const struct sockaddr_un *address, const char *what, int flags)
{
    struct iovec byte = { (void *)what, 1 };
    struct msghdr message = { .msg_name = (void *)address, .msg_namelen = length_of(address), .msg_iov = &byte, .msg_iovlen = 1 };
    return call == SENDTO ? syscall(SYS_sendto, fd, what, 1L, flags, address, length_of(address)) : syscall(SYS_sendmsg, fd, &message, flags);
}

static int sender(int flags)
{
    int fd = socket(AF_UNIX, (call == CONNECT ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | flags, 0);
    CHECK(fd >= 0);
    return fd;
}

/* A judged call of the handler's own, of the kind that it interrupts. A plain open for reading outside is judged where reads are. */
static void another_call(void)
{
    if (opens()) {
        int fd = turn ? open(outside.sun_path, O_RDONLY | O_CLOEXEC) : (int)make_open(other.sun_path, O_WRONLY | O_CREAT);
        CHECK(fd >= 0 && close(fd) == 0);
        return;
    }
    int fd = sender(SOCK_NONBLOCK), accepted;
    CHECK((call == CONNECT ? syscall(SYS_connect, fd, &other, length_of(&other)) : make_send(fd, &other, "h", 0)) >= 0);
    close(fd);
    if (call == CONNECT) {
        CHECK((accepted = accept(other_receiver, NULL, NULL)) >= 0);
        close(accepted);
    }
}

static void handler(int signal, siginfo_t *info, void *context)
{
    int saved = errno, accepted;
    char byte;
    const greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    (void)signal, (void)info;
    handled++;
    if (memcmp((const void *)registers[REG_RIP], "\x0f\x05", 2) == 0) /* at a system call that will be made (again) */
        restarts++;
    if (flipped)
        memcpy(target.sun_path, outside.sun_path, sizeof target.sun_path);
    else
        another_call();
    /* What it waits for. */
    if (opens() && reader < 0) {
        char path[sizeof other.sun_path];
        strcpy(path, other.sun_path);
        strcpy(strrchr(path, '/'), "/fifo");
        CHECK((reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) >= 0);
    } else if (call == CONNECT) {
        CHECK((accepted = accept(receiver, NULL, NULL)) >= 0);
        close(accepted);
    } else if (!opens())
        CHECK(recv(receiver, &byte, 1, MSG_DONTWAIT) == 1);
    errno = saved;
}

static int bound(const struct sockaddr_un *address)
{
    int fd = sender(SOCK_NONBLOCK);
    CHECK(bind(fd, (const struct sockaddr *)address, length_of(address)) == 0);
    CHECK(call != CONNECT || listen(fd, 0) == 0);
    return fd;
}

/* Until the next one would have to wait. */
static void fill(const struct sockaddr_un *address)
{
    long result;
    do {
        int fd = sender(SOCK_NONBLOCK);
        result = call == CONNECT ? syscall(SYS_connect, fd, address, length_of(address)) : make_send(fd, address, "f", 0);
        close(fd);
    } while (result >= 0);
    CHECK(errno == EAGAIN);
}

static void wake_soon(long microseconds)
{
    struct itimerval once = { .it_value = { 0, microseconds } };
    CHECK(setitimer(ITIMER_REAL, &once, NULL) == 0);
}

static int try_open(void)
{
    struct stat got;
    int fd = (int)make_open(target.sun_path, O_WRONLY | O_TRUNC), won = 0;
    while (!handled)
        sched_yield();
    if (fd >= 0) {
        CHECK(fstat(fd, &got) == 0);
        won = !S_ISFIFO(got.st_mode);
        close(fd);
    } else {
        CHECK(errno == EACCES);
        refusals++;
    }
    close(reader);
    return won;
}

static int try_socket(const char *inside)
{
    struct sockaddr_un peer = { 0 };
    socklen_t length = sizeof peer;
    char got = 0;
    int fd = sender(0), won = 0;
    long result = call == CONNECT ? syscall(SYS_connect, fd, &target, length_of(&target)) : make_send(fd, &target, "m", 0);
    while (!handled)
        sched_yield();
    if (result < 0) {
        CHECK(errno == EACCES);
        refusals++;
    } else if (call == CONNECT) {
        CHECK(getpeername(fd, (struct sockaddr *)&peer, &length) == 0);
        won = strncmp(peer.sun_path, inside, strlen(inside)) != 0 || strcmp(strrchr(peer.sun_path, '/'), "/full") != 0;
    } else if (flipped) {
        won = 1; /* the path says OUTSIDE by now: what was sent went there, unless it came before */
        while (recv(receiver, &got, 1, MSG_DONTWAIT) == 1)
            won &= got != 'm';
    } else {
        while (recv(other_receiver, &got, 1, MSG_DONTWAIT) == 1)
            won |= got == 'm';
    }
    close(fd);
    return won;
}

int main(int argc, char **argv)
{
    static const char *const names[] = { "open", "creat", "openat2", "connect", "sendto", "sendmsg" };
    CHECK(argc == 6 && strcmp(argv[1], "race") == 0);
    const char *wanted = argv[2];
    long tries = atol(argv[3]), at = 0;
    if (strncmp(wanted, "flipped-", 8) == 0) {
        flipped = 1;
        wanted += 8;
    }
    for (call = OPEN; strcmp(names[call], wanted) != 0;)
        CHECK(call++ < SENDMSG);
    name(&target, argv[4], opens() ? "fifo" : "full");
    name(&other, argv[4], "other");
    name(&outside, argv[5], "t");
    struct sockaddr_un first = target;
    struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_RESTART | SA_SIGINFO };
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    if (opens())
        CHECK(mkfifo(target.sun_path, 0644) == 0);
    else {
        receiver = bound(&target);
        other_receiver = bound(&other);
    }
    for (long n = 1; n <= tries && at == 0; n++) {
        target = first;
        handled = 0;
        reader = -1;
        turn = n % 2;
        if (!opens())
            fill(&target);
        wake_soon(50 + n % 200);
        if (opens() ? try_open() : try_socket(argv[4]))
            at = n;
    }
    if (at > 0)
        printf("won at %ld\n", at);
    else
        printf("not won in %ld: %ld allowed, %ld refused, %d changes\n", tries, tries - refusals, refusals, restarts);
    return 0;
}
