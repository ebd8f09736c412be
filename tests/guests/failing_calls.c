/* failing_calls: makes each judged or refused call with arguments for which the kernel refuses it (unknown flags and commands, bad descriptors and pointers, objects
 * of another kind, processes that are not there), and prints a line for each: the call and what it answered. What a call with two mistakes is told is the one that
 * the kernel meets first. Run outside and inside, and compared line by line.
 * To root, too, each must be refused: nothing here would mount, swap, load, set or end anything. What only an ordinary user may try is behind `user`. */
#include "guest.h"
#include <linux/openat2.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <netinet/in.h>

#define BAD ((void *)1)
#define LINE(text, value)                                                                                      \
    do {                                                                                                       \
        errno = 0;                                                                                             \
        long value_ = (long)(value);                                                                           \
        int errno_ = errno;                                                                                    \
        if (value_ == -1)                                                                                      \
            printf("%s: %s\n", text, strerrorname_np(errno_));                                                 \
        else                                                                                                   \
            printf("%s: %s\n", text, "no error");                                                              \
    } while (0)
/* A system call by its name, without the C library's opinion. */
#define T(name, ...) LINE(#name "(" #__VA_ARGS__ ")", syscall(SYS_##name, ##__VA_ARGS__))

#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd 443
#endif

enum { NOBODY = 0x3fffffff, CLOSED = 999, FLAGS = 0x40000000 };

static int file, dir, self, task, tcp, udp, unx, ends[2];
static pid_t child;
static char bytes[4096], attribute[64] = { 1 };
static char *argv_[] = { "x", NULL };

static void signals(void)
{
    siginfo_t info = { .si_signo = SIGURG, .si_code = SI_QUEUE }, other = { .si_signo = SIGUSR1, .si_code = SI_QUEUE };
    int p = (int)syscall(SYS_pidfd_open, child, 0);
    pid_t me = getpid();
    T(kill, me, 999); T(kill, me, -1); T(kill, me, 0); T(kill, NOBODY, 0); T(kill, NOBODY, SIGURG); T(kill, NOBODY, 999); T(kill, -NOBODY, SIGURG);
    T(kill, -NOBODY, 999); T(kill, INT_MIN, 0); T(kill, 0, 999); T(kill, 0, 65); T(kill, -1, 999); T(kill, child, 65); T(kill, child, 0);
    T(kill, 1, 999); T(kill, 1, -1);
    T(tkill, 0, 0); T(tkill, -1, 0); T(tkill, NOBODY, 0); T(tkill, me, 999); T(tkill, NOBODY, 999); T(tkill, -1, 999); T(tkill, 1, 999);
    T(tgkill, me, -1, 0); T(tgkill, -1, me, 0); T(tgkill, 0, me, 0); T(tgkill, me, 0, 0); T(tgkill, me, NOBODY, 0); T(tgkill, NOBODY, me, 0); T(tgkill, me, me, 999);
    T(tgkill, child, me, 0); T(tgkill, me, child, 0); T(tgkill, 1, me, 0); T(tgkill, me, 1, 0); T(tgkill, me, 1, SIGURG); T(tgkill, 1, 1, 999);
    T(rt_sigqueueinfo, me, SIGURG, 0L); T(rt_sigqueueinfo, me, SIGURG, BAD); T(rt_sigqueueinfo, -1, SIGURG, &info); T(rt_sigqueueinfo, 0, SIGURG, &info);
    T(rt_sigqueueinfo, NOBODY, SIGURG, &info); T(rt_sigqueueinfo, NOBODY, SIGURG, BAD); T(rt_sigqueueinfo, NOBODY, 999, &info); T(rt_sigqueueinfo, me, 999, &info);
    T(rt_sigqueueinfo, 1, SIGURG, BAD); T(rt_sigqueueinfo, 1, 999, &info); T(rt_sigqueueinfo, -1, SIGURG, BAD);
    info.si_code = SI_USER;
    T(rt_sigqueueinfo, child, SIGURG, &info); T(rt_sigqueueinfo, NOBODY, SIGURG, &info); T(rt_sigqueueinfo, 1, SIGURG, &info);
    T(rt_tgsigqueueinfo, me, child, SIGURG, &info); T(rt_tgsigqueueinfo, child, child, SIGURG, &info); T(rt_tgsigqueueinfo, 1, 1, SIGURG, &info);
    info.si_code = SI_QUEUE;
    T(rt_tgsigqueueinfo, me, -1, SIGURG, &info); T(rt_tgsigqueueinfo, -1, me, SIGURG, &info); T(rt_tgsigqueueinfo, me, NOBODY, SIGURG, &info);
    T(rt_tgsigqueueinfo, NOBODY, me, SIGURG, &info); T(rt_tgsigqueueinfo, me, me, SIGURG, BAD); T(rt_tgsigqueueinfo, -1, -1, SIGURG, BAD); T(rt_tgsigqueueinfo, me, me, 999, &info);
    T(rt_tgsigqueueinfo, me, child, SIGURG, &info); T(rt_tgsigqueueinfo, me, 1, SIGURG, &info); T(rt_tgsigqueueinfo, 1, me, SIGURG, &info); T(rt_tgsigqueueinfo, 1, 1, SIGURG, BAD);
    T(pidfd_send_signal, p, 0, 0L, 0); T(pidfd_send_signal, p, 999, 0L, 0); T(pidfd_send_signal, p, SIGURG, BAD, 0); T(pidfd_send_signal, p, SIGURG, &other, 0);
    T(pidfd_send_signal, p, 0, 0L, FLAGS); T(pidfd_send_signal, p, 0, 0L, 1); T(pidfd_send_signal, p, 0, 0L, 2); T(pidfd_send_signal, p, 0, 0L, 3); T(pidfd_send_signal, p, 0, 0L, 5);
    T(pidfd_send_signal, p, 0, 0L, 7); T(pidfd_send_signal, -1, 0, 0L, 0); T(pidfd_send_signal, CLOSED, 0, 0L, 0); T(pidfd_send_signal, CLOSED, SIGURG, 0L, FLAGS);
    T(pidfd_send_signal, CLOSED, SIGURG, 0L, 4); T(pidfd_send_signal, file, 0, 0L, 0); T(pidfd_send_signal, file, 0, 0L, 4); T(pidfd_send_signal, dir, 0, 0L, 0);
    T(pidfd_send_signal, task, 0, 0L, 0); T(pidfd_send_signal, ends[0], 0, 0L, 0); T(pidfd_send_signal, self, 0, 0L, 0); T(pidfd_send_signal, self, 999, 0L, 0);
    T(pidfd_send_signal, self, SIGURG, 0L, 0); T(pidfd_send_signal, AT_FDCWD, 0, 0L, 0); T(pidfd_send_signal, -10000, 0, 0L, 0); T(pidfd_send_signal, -10001, SIGURG, 0L, 0);
    int one = open("/proc/1", O_DIRECTORY | O_PATH), gone;
    T(pidfd_send_signal, one, 999, 0L, 0); T(pidfd_send_signal, one, 0, 0L, FLAGS); T(pidfd_send_signal, one, SIGURG, BAD, 0);
    pid_t dead = fork();
    if (dead == 0)
        _exit(0);
    gone = (int)syscall(SYS_pidfd_open, dead, 0);
    exits_with(dead, 0);
    T(pidfd_send_signal, gone, 0, 0L, 0); T(pidfd_send_signal, gone, SIGURG, 0L, 0); T(pidfd_send_signal, gone, 999, 0L, 0);
    close(gone), close(one), close(p);
}

static void processes(void)
{
    struct sched_param parameter = { 0 }, far = { .sched_priority = 1000 };
    struct { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t times[3]; uint32_t clamps[2]; } attributes = { 56, 0, 0, 0, 0, { 0 }, { 0 } }, strange = { 56, 77, 0, 0, 0, { 0 }, { 0 } },
      small = { 8, 0, 0, 0, 0, { 0 }, { 0 } };
    struct rlimit limit = { 64, 64 }, inverse = { 65, 64 };
    unsigned long mask = 1;
    T(sched_setparam, -1, &parameter); T(sched_setparam, NOBODY, &parameter); T(sched_setparam, 0, 0L); T(sched_setparam, 0, BAD); T(sched_setparam, -1, 0L); T(sched_setparam, NOBODY, BAD);
    T(sched_setparam, 0, &far); T(sched_setparam, child, &far); T(sched_setparam, child, BAD); T(sched_setparam, child, 0L); T(sched_setparam, 1, 0L); T(sched_setparam, 1, BAD); T(sched_setparam, 1, &far);
    T(sched_setscheduler, -1, 0, &parameter); T(sched_setscheduler, -1, -1, 0L); T(sched_setscheduler, 0, 99, &parameter); T(sched_setscheduler, 0, -1, &parameter); T(sched_setscheduler, NOBODY, 0, &parameter);
    T(sched_setscheduler, NOBODY, -1, &parameter); T(sched_setscheduler, NOBODY, 99, &parameter); T(sched_setscheduler, NOBODY, 0, BAD); T(sched_setscheduler, child, 99, &parameter); T(sched_setscheduler, 1, 99, &parameter);
    T(sched_setscheduler, 1, -1, &parameter); T(sched_setscheduler, 1, 0, 0L); T(sched_setscheduler, 1, 0, BAD); T(sched_setscheduler, child, 0, &far); T(sched_setscheduler, 1, 0, &far);
    T(sched_setattr, -1, &attributes, 0); T(sched_setattr, 0, 0L, 0); T(sched_setattr, 0, BAD, 0); T(sched_setattr, 0, &attributes, 1); T(sched_setattr, NOBODY, &attributes, 0); T(sched_setattr, NOBODY, BAD, 0);
    T(sched_setattr, NOBODY, &attributes, 1); T(sched_setattr, child, &strange, 0); T(sched_setattr, 1, BAD, 0); T(sched_setattr, 1, &attributes, 1); T(sched_setattr, 1, &strange, 0); T(sched_setattr, NOBODY, &small, 0);
    T(sched_setattr, -1, BAD, 0);
    small.size = 8;
    T(sched_setattr, 1, &small, 0);
    T(sched_setaffinity, -1, 8, &mask); T(sched_setaffinity, NOBODY, 8, &mask); T(sched_setaffinity, 0, 8, 0L); T(sched_setaffinity, 0, 8, BAD); T(sched_setaffinity, NOBODY, 8, BAD); T(sched_setaffinity, 1, 8, BAD);
    T(sched_setaffinity, -1, 8, BAD); T(sched_setaffinity, 0, 0, &mask); T(sched_setaffinity, child, 8, BAD);
    T(sched_getaffinity, -1, 128, bytes); T(sched_getaffinity, NOBODY, 128, bytes); T(sched_getaffinity, 0, 0, bytes); T(sched_getaffinity, 0, 1, bytes); T(sched_getaffinity, NOBODY, 1, bytes); T(sched_getaffinity, 0, 128, BAD);
    T(sched_getaffinity, 1, 1, bytes); T(sched_getaffinity, -1, 7, bytes); T(sched_getaffinity, 1, 128, BAD); T(sched_getaffinity, child, 7, bytes);
    T(setpriority, 9, 0, 5); T(setpriority, -1, 0, 5); T(setpriority, 0, -1, 5); T(setpriority, 0, NOBODY, 5); T(setpriority, 1, NOBODY, 5); T(setpriority, 2, NOBODY, 5); T(setpriority, 9, 1, 5); T(setpriority, 1, -5, 5);
    T(ioprio_set, 9, 0, 0); T(ioprio_set, 0, 0, 0); T(ioprio_set, 1, -1, 0); T(ioprio_set, 1, NOBODY, 0); T(ioprio_set, 2, NOBODY, 0); T(ioprio_set, 3, NOBODY, 0); T(ioprio_set, 1, 0, 7 << 13); T(ioprio_set, 1, NOBODY, 7 << 13);
    T(ioprio_set, 1, 1, 7 << 13); T(ioprio_set, 9, 1, 0); T(ioprio_set, 1, 1, 5 << 13); T(ioprio_set, 1, 0, 5 << 13); T(ioprio_set, 9, 1, 7 << 13); T(ioprio_set, 1, NOBODY, 1);
    T(prlimit64, -1, RLIMIT_NOFILE, 0L, &limit); T(prlimit64, NOBODY, RLIMIT_NOFILE, 0L, &limit); T(prlimit64, 0, 999, 0L, &limit); T(prlimit64, 0, 999, &limit, 0L); T(prlimit64, 0, RLIMIT_NOFILE, BAD, 0L);
    T(prlimit64, 0, RLIMIT_NOFILE, 0L, BAD); T(prlimit64, NOBODY, 999, 0L, &limit); T(prlimit64, NOBODY, RLIMIT_NOFILE, BAD, 0L); T(prlimit64, 1, RLIMIT_NOFILE, BAD, 0L); T(prlimit64, 1, 999, BAD, 0L); T(prlimit64, child, 999, 0L, &limit);
    T(prlimit64, 0, RLIMIT_NOFILE, &inverse, 0L); T(prlimit64, child, RLIMIT_NOFILE, &inverse, 0L); T(prlimit64, -1, RLIMIT_NOFILE, BAD, 0L);
    T(get_robust_list, -1, bytes, bytes + 8); T(get_robust_list, NOBODY, bytes, bytes + 8); T(get_robust_list, 0, BAD, BAD); T(get_robust_list, NOBODY, BAD, BAD);
    T(migrate_pages, NOBODY, 8L, &mask, &mask); T(move_pages, NOBODY, 1L, BAD, 0L, BAD, 0);
    T(setpgid, -1, 0); T(setpgid, 0, -1); T(setpgid, 1, 0); T(setpgid, NOBODY, 0); T(getpgid, -1); T(getsid, NOBODY); T(getpriority, 9, 0); T(getpriority, 0, NOBODY);
    T(pidfd_open, -1, 0); T(pidfd_open, NOBODY, 0); T(pidfd_open, 0, 0); T(pidfd_open, child, FLAGS);
    T(kcmp, NOBODY, NOBODY, 0, 0, 0); T(process_vm_readv, NOBODY, 0L, 0L, 0L, 0L, 0L); T(process_vm_readv, child, 0L, 0L, 0L, 0L, 1L); T(pidfd_getfd, -1, 0, 0); T(pidfd_getfd, file, 0, 0); T(pidfd_getfd, -1, 0, 1);
    T(process_madvise, -1, 0L, 0L, 0, 0); T(process_madvise, -1, 0L, 0L, 0, 1); T(process_mrelease, -1, 0); T(process_mrelease, -1, 1);
    T(ptrace, 16L, NOBODY, 0L, 0L); T(ptrace, 12345L, child, 0L, 0L);
}

static void owners(void)
{
    struct f_owner_ex nobody = { F_OWNER_PID, NOBODY }, strange = { 9, 0 }, group = { F_OWNER_PGRP, NOBODY }, thread = { F_OWNER_TID, NOBODY };
    int who = NOBODY, none = INT_MIN, less = -NOBODY;
    T(fcntl, -1, F_SETOWN, getpid()); T(fcntl, -1, F_SETOWN, 1); T(fcntl, CLOSED, F_SETOWN, -1); T(fcntl, file, F_SETOWN, NOBODY); T(fcntl, file, F_SETOWN, INT_MIN); T(fcntl, file, F_SETOWN, -NOBODY);
    T(fcntl, -1, F_SETOWN_EX, BAD); T(fcntl, CLOSED, F_SETOWN_EX, &nobody); T(fcntl, file, F_SETOWN_EX, BAD); T(fcntl, file, F_SETOWN_EX, &nobody); T(fcntl, file, F_SETOWN_EX, &strange);
    T(fcntl, file, F_SETOWN_EX, &group); T(fcntl, file, F_SETOWN_EX, &thread); T(fcntl, file, 9999, 0L); T(fcntl, -1, 9999, 0L); T(fcntl, -1, F_GETFD, 0L);
    T(ioctl, -1, 0x8901, &who); T(ioctl, file, 0x8901, &who); T(ioctl, -1, 0x8902, BAD); T(ioctl, unx, 0x8901, BAD); T(ioctl, unx, 0x8902, &who); T(ioctl, unx, 0x8901, &none); T(ioctl, unx, 0x8901, &less); T(ioctl, ends[0], 0x8902, &who);
    T(ioctl, -1, 0x12345678, 0L); T(ioctl, CLOSED, 0x5412, "x"); T(ioctl, file, 0x5412, "x"); T(ioctl, ends[0], 0x5412, "x"); T(ioctl, CLOSED, 0x40086602, bytes);
}

static void sockets(void)
{
    static const int families[] = { -1, 0, 4, 5, 6, 9, 12, 13, 18, 19, 22, 23, 25, 26, 27, 28, 32, 33, 34, 36, 37, 39, 41, 42, 43, 44, 45, 46, 47, 63, 99, 1000 };
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        char text[64];
        snprintf(text, sizeof text, "socket(family %d, SOCK_STREAM, 0)", families[i]);
        LINE(text, syscall(SYS_socket, families[i], SOCK_STREAM, 0));
    }
    T(socket, AF_INET, 0, 0); T(socket, AF_INET, 7, 0); T(socket, AF_INET, 9, 0); T(socket, AF_INET, 15, 0); T(socket, AF_INET, -1, 0); T(socket, AF_INET, SOCK_STREAM | 0x100, 0); T(socket, AF_INET, SOCK_STREAM, IPPROTO_UDP);
    T(socket, AF_INET, SOCK_DGRAM, IPPROTO_TCP); T(socket, AF_INET, SOCK_STREAM, -1); T(socket, AF_INET, SOCK_STREAM, 300); T(socket, AF_INET, SOCK_DGRAM, 263); T(socket, AF_INET, SOCK_STREAM, 99); T(socket, AF_INET6, SOCK_STREAM, IPPROTO_UDP);
    T(socket, AF_INET6, SOCK_DGRAM, IPPROTO_ICMP); T(socket, AF_INET, SOCK_DGRAM, IPPROTO_ICMPV6); T(socket, AF_INET, SOCK_RDM, 0); T(socket, AF_INET, SOCK_DCCP, 0); T(socket, AF_INET, SOCK_STREAM, IPPROTO_ICMP); T(socket, AF_INET, SOCK_RAW, 0);
    T(socket, AF_INET6, SOCK_RAW, 0); T(socket, AF_INET, SOCK_RAW, 300); T(socket, AF_INET, SOCK_SEQPACKET, 0); T(socket, AF_INET, SOCK_DGRAM, 99);
    T(socket, AF_NETLINK, SOCK_STREAM, 0); T(socket, AF_NETLINK, SOCK_RAW, 99); T(socket, AF_NETLINK, SOCK_RAW, -1); T(socket, AF_NETLINK, SOCK_SEQPACKET, 0); T(socket, AF_NETLINK, SOCK_DGRAM, 32); T(socket, AF_NETLINK, 0, 0);
    T(socket, AF_PACKET, SOCK_STREAM, 0); T(socket, AF_PACKET, 0, 0); T(socket, AF_VSOCK, SOCK_RAW, 0); T(socket, AF_ALG, SOCK_STREAM, 0); T(socket, AF_ALG, SOCK_SEQPACKET, 5); T(socket, AF_KEY, SOCK_STREAM, 2);
    T(socket, AF_UNIX, 99, 0); T(socket, AF_UNIX, SOCK_STREAM, 7); T(socket, AF_UNIX, SOCK_RDM, 0); T(socketpair, AF_INET, SOCK_STREAM, 0, ends); T(socketpair, AF_UNIX, SOCK_STREAM, 0, BAD); T(socketpair, 99, SOCK_STREAM, 0, BAD);

    struct sockaddr_in to = { AF_INET, htons(9), { htonl(INADDR_LOOPBACK) }, { 0 } };
    struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(9), .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr_un path = { AF_UNIX, "/nonexistent/socket" }, plain = { AF_UNIX, "f" };
    struct msghdr header = { &to, sizeof to, NULL, 0, NULL, 0, 0 }, header6 = { &to6, sizeof to6, NULL, 0, NULL, 0, 0 }, broken = { BAD, 16, NULL, 0, NULL, 0, 0 }, negative = { &to, (socklen_t)-1, NULL, 0, NULL, 0, 0 };
    T(connect, -1, &to, sizeof to); T(connect, CLOSED, &to, sizeof to); T(connect, file, &to, sizeof to); T(connect, ends[0], &to, sizeof to); T(connect, tcp, BAD, sizeof to); T(connect, tcp, &to, -1); T(connect, tcp, &to, 1); T(connect, tcp, &to, 8);
    T(connect, tcp, &to, 200); T(connect, -1, BAD, sizeof to); T(connect, -1, &to, -1); T(connect, -1, &to, 1); T(connect, file, BAD, 16); T(connect, unx, &to, sizeof to); T(connect, tcp, &to6, sizeof to6); T(connect, tcp, &path, sizeof path);
    T(connect, udp, &to6, sizeof to6); T(connect, udp, &path, sizeof path); T(connect, unx, &path, sizeof path); T(connect, unx, &path, 1); T(connect, unx, &path, 2); T(connect, unx, &path, 120); T(connect, unx, &plain, sizeof plain); T(connect, -1, &path, sizeof path);
    T(bind, -1, &to, sizeof to); T(bind, CLOSED, &to, sizeof to); T(bind, file, &to, sizeof to); T(bind, ends[0], &to, sizeof to); T(bind, tcp, BAD, sizeof to); T(bind, tcp, &to, -1); T(bind, tcp, &to, 1); T(bind, tcp, &to, 8); T(bind, -1, BAD, 16);
    T(bind, file, BAD, 16); T(bind, unx, &to, sizeof to); T(bind, tcp, &to6, sizeof to6); T(bind, tcp, &path, sizeof path); T(bind, unx, &path, sizeof path); T(bind, unx, &plain, sizeof plain); T(bind, -1, &path, sizeof path); T(bind, file, &path, sizeof path);
    to.sin_addr.s_addr = htonl(0x01020304);
    T(bind, tcp, &to, sizeof to); T(connect, unx, &to, sizeof to); T(bind, unx, &to, sizeof to);
    T(listen, -1, 1); T(listen, CLOSED, 1); T(listen, file, 1); T(listen, ends[0], 1); T(listen, udp, 1); T(listen, unx, 1); T(accept, -1, 0L, 0L); T(accept, file, 0L, 0L);
    T(sendto, -1, "x", 1L, 0, &to, sizeof to); T(sendto, CLOSED, "x", 1L, 0, &to, sizeof to); T(sendto, file, "x", 1L, 0, &to, sizeof to); T(sendto, udp, "x", 1L, 0, BAD, sizeof to); T(sendto, udp, "x", 1L, 0, &to, -1); T(sendto, udp, "x", 1L, 0, &to, 3);
    T(sendto, -1, "x", 1L, 0, BAD, 16); T(sendto, udp, "x", 1L, 0, &to6, sizeof to6); T(sendto, unx, "x", 1L, 0, &to, sizeof to); T(sendto, -1, BAD, 1L, 0, 0L, 0); T(sendto, udp, "x", 1L, 0, 0L, 0); T(sendto, file, "x", 1L, 0, &path, sizeof path);
    T(sendto, udp, "x", 1L, MSG_OOB, &to, sizeof to); T(sendto, ends[0], "x", 1L, 0, &to, sizeof to); T(sendto, udp, BAD, 1L << 40, 0, &to, sizeof to); T(sendto, udp, "x", 1L, 0, &path, sizeof path);
    T(sendmsg, -1, &header, 0); T(sendmsg, CLOSED, &header, 0); T(sendmsg, file, &header, 0); T(sendmsg, udp, BAD, 0); T(sendmsg, udp, &broken, 0); T(sendmsg, udp, &negative, 0); T(sendmsg, -1, BAD, 0); T(sendmsg, file, BAD, 0); T(sendmsg, udp, &header6, 0);
    T(sendmsg, -1, &header6, 0); T(sendmsg, udp, &header, (int)0x80000000); T(sendmsg, unx, &header, 0);
    T(sendmmsg, -1, bytes, 1, 0); T(sendmmsg, file, bytes, 1, 0); T(sendmmsg, udp, BAD, 1, 0); T(sendmmsg, -1, BAD, 1, 0); T(sendmmsg, -1, BAD, 0, 0);
    T(setsockopt, -1, 1, 25, "x", 1); T(setsockopt, file, 1, 25, "x", 1); T(setsockopt, tcp, 1, 9999, "x", 1); T(setsockopt, -1, 0, 19, "x", 1); T(getsockopt, -1, 0, 0, bytes, bytes); T(setsockopt, tcp, 1, 2, BAD, 4);
}

static void trees(int user)
{
    T(mount, BAD, "d", "tmpfs", 0L, 0L); T(mount, "none", BAD, "tmpfs", 0L, 0L); T(mount, "none", "d", BAD, 0L, 0L); T(mount, "none", "nothing", "tmpfs", 0L, 0L); T(mount, "none", "f/x", "tmpfs", 0L, 0L); T(mount, "none", "d", "tmpfs", 0L, BAD);
    T(mount, "none", "", "tmpfs", 0L, 0L); T(mount, 0L, 0L, 0L, 0L, 0L); T(mount, "none", "nothing", BAD, 0L, BAD);
    T(umount2, BAD, 0); T(umount2, "nothing", 0); T(umount2, "d", FLAGS); T(umount2, "nothing", FLAGS); T(umount2, BAD, FLAGS); T(umount2, "f/x", 0); T(umount2, "", 0); T(umount2, "d", 5);
    T(chroot, BAD); T(chroot, "nothing"); T(chroot, "f"); T(chroot, "f/x"); T(chroot, ""); T(pivot_root, BAD, BAD); T(pivot_root, "nothing", "d"); T(pivot_root, "d", "nothing"); T(pivot_root, "f", "d"); T(pivot_root, "d", BAD);
    T(swapon, BAD, 0); T(swapon, "nothing", 0); T(swapon, "f", FLAGS); T(swapon, "nothing", FLAGS); T(swapon, BAD, FLAGS); T(swapon, "d", 0); T(swapoff, BAD); T(swapoff, "nothing"); T(acct, BAD); T(acct, "nothing"); T(acct, "d");
    T(open_tree, -1, "d", 0); T(open_tree, AT_FDCWD, "nothing", 0); T(open_tree, AT_FDCWD, BAD, 0); T(open_tree, AT_FDCWD, "d", FLAGS); T(open_tree, AT_FDCWD, "nothing", 1); T(open_tree, AT_FDCWD, BAD, FLAGS); T(open_tree, AT_FDCWD, "d", 0x8000);
    T(move_mount, -1, "d", AT_FDCWD, "d", 0); T(move_mount, AT_FDCWD, "nothing", AT_FDCWD, "d", 0); T(move_mount, AT_FDCWD, "d", AT_FDCWD, "nothing", 0); T(move_mount, AT_FDCWD, "d", AT_FDCWD, "d", FLAGS); T(move_mount, AT_FDCWD, BAD, AT_FDCWD, "d", 0);
    T(fsopen, BAD, 0); T(fsopen, "nothing", 0); T(fsopen, "tmpfs", FLAGS); T(fsopen, BAD, FLAGS); T(fsmount, -1, 0, 0); T(fsmount, file, 0, 0); T(fsmount, -1, FLAGS, 0); T(fsmount, -1, 0, FLAGS); T(fspick, AT_FDCWD, "nothing", 0); T(fspick, AT_FDCWD, "d", FLAGS);
    T(fspick, -1, "d", 0); T(fspick, AT_FDCWD, BAD, 0); T(fspick, AT_FDCWD, "d", 0);
    T(fsconfig, -1, 0, "a", 0L, 0); T(fsconfig, CLOSED, 0, "a", 0L, 0); T(fsconfig, file, 0, "a", 0L, 0); T(fsconfig, file, 99, 0L, 0L, 0); T(fsconfig, -1, 99, 0L, 0L, 0); T(fsconfig, file, 0, BAD, 0L, 0); T(fsconfig, file, 1, "a", BAD, 0); T(fsconfig, CLOSED, 6, 0L, 0L, 0);
    T(mount_setattr, -1, "d", 0, attribute, 32L); T(mount_setattr, AT_FDCWD, "nothing", 0, attribute, 32L); T(mount_setattr, AT_FDCWD, "d", FLAGS, bytes, 32L); T(mount_setattr, AT_FDCWD, "d", 0, bytes, 8L); T(mount_setattr, AT_FDCWD, "d", 0, BAD, 32L);
    T(mount_setattr, AT_FDCWD, "d", 0, bytes, 1L << 20);
    T(quotactl, 0xffffffff, "nothing", 0, bytes); T(quotactl, 0x80000700, "nothing", 0, bytes); T(quotactl, 0x80000700, BAD, 0, bytes); T(quotactl, 0x80000720, "nothing", 0, bytes); T(quotactl, 0x80000700, "d", 0, bytes);
    T(quotactl_fd, -1, 0x80000700, 0, bytes); T(quotactl_fd, CLOSED, 0xffffffff, 0, bytes); T(quotactl_fd, file, 0x80000720, 0, bytes);
    T(setns, -1, 0); T(setns, CLOSED, 0); T(setns, file, 0); T(setns, dir, 0); T(setns, file, CLONE_NEWNET); T(setns, -1, CLONE_NEWNET); T(setns, ends[0], 0);
    T(unshare, -1); T(unshare, FLAGS | 1); T(unshare, 1); T(unshare, 0x100000000L); T(unshare, 0x8000); T(unshare, CLONE_NEWNS | 1); T(unshare, CLONE_VM);
    T(clone, CLONE_SIGHAND, 0L, 0L, 0L, 0L); T(clone, CLONE_THREAD, 0L, 0L, 0L, 0L); T(clone, CLONE_NEWNS | CLONE_FS, 0L, 0L, 0L, 0L); T(clone, CLONE_NEWUSER | CLONE_FS, 0L, 0L, 0L, 0L); T(clone, CLONE_NEWIPC | CLONE_SYSVSEM, 0L, 0L, 0L, 0L);
    T(open_by_handle_at, -1, bytes, 0); T(open_by_handle_at, CLOSED, bytes, 0); T(open_by_handle_at, dir, BAD, 0); T(open_by_handle_at, dir, bytes, 0); T(open_by_handle_at, CLOSED, BAD, 0);
    T(name_to_handle_at, AT_FDCWD, "nothing", bytes, bytes, 0); T(name_to_handle_at, AT_FDCWD, "d", bytes, bytes, FLAGS); T(name_to_handle_at, -1, "d", bytes, bytes, 0); T(name_to_handle_at, AT_FDCWD, BAD, bytes, bytes, 0);
    if (user) {
        T(mount, "none", "d", "tmpfs", 0L, 0L); T(umount2, "d", 0); T(umount2, "/proc", 0); T(chroot, "d"); T(pivot_root, "d", "d"); T(swapon, "f", 0); T(swapoff, "f"); T(acct, 0L); T(acct, "f"); T(move_mount, AT_FDCWD, "d", AT_FDCWD, "d", 0); T(fsopen, "tmpfs", 0);
        T(mount_setattr, AT_FDCWD, "d", 0, bytes, 32L); T(unshare, CLONE_NEWNS); T(unshare, CLONE_NEWNET); T(unshare, CLONE_NEWPID | CLONE_FILES); T(clone, CLONE_NEWNET, 0L, 0L, 0L, 0L);
    }
}

static void machine(int user)
{
    struct timeval never = { .tv_usec = -1 };
    struct timespec odd = { .tv_nsec = -1 };
    struct timex timex = { .modes = 0x8000 };
    T(settimeofday, BAD, 0L); T(settimeofday, &never, 0L); T(settimeofday, 0L, BAD); T(settimeofday, &never, BAD); T(clock_settime, 0, BAD); T(clock_settime, 0, &odd); T(clock_settime, 999, &odd); T(clock_settime, 1, &odd); T(clock_settime, 999, BAD); T(clock_settime, -1, &odd);
    T(clock_settime, 4, &odd);
    T(adjtimex, BAD); T(clock_adjtime, 0, BAD); T(clock_adjtime, 999, &timex); T(clock_adjtime, 1, &timex); T(clock_adjtime, 999, BAD); T(clock_adjtime, -1, &timex);
    T(sethostname, "x", -1); T(sethostname, "x", 65); T(sethostname, BAD, 1); T(setdomainname, "x", -1); T(setdomainname, "x", 1000); T(setdomainname, BAD, 1);
    T(reboot, 0, 0, 0, 0L); T(reboot, 0xfee1dead, 0, 0x01234567, 0L); T(reboot, 0xfee1dead, 672274793, 0x12345, 0L); T(syslog, 999, 0L, 0); T(syslog, 3, 0L, 1); T(syslog, 3, bytes, -1);
    T(init_module, BAD, 1L, ""); T(init_module, bytes, 0L, ""); T(finit_module, -1, "", 0); T(finit_module, file, "", FLAGS); T(finit_module, CLOSED, BAD, FLAGS); T(delete_module, BAD, 0); T(delete_module, "no_such_module_", 0);
    T(kexec_load, 0L, 17L, 0L, 0L); T(kexec_load, 0L, 0L, 0L, 0x1000L); T(kexec_load, 0L, 1L, BAD, 0L); T(kexec_file_load, -1, -1, 0L, "", FLAGS); T(kexec_file_load, -1, -1, 0L, "", 0L);
    T(bpf, 9999, bytes, 8); T(bpf, -1, bytes, 8); T(bpf, 0, BAD, 8); T(bpf, 9999, BAD, 8); T(bpf, 0, bytes, 1 << 20); T(bpf, 1, bytes, 32);
    T(keyctl, 9999, 0L, 0L, 0L, 0L); T(add_key, BAD, "x", 0L, 0L, 0); T(request_key, BAD, "x", 0L, 0); T(perf_event_open, BAD, 0, -1, -1, 0); T(perf_event_open, bytes, 0, -1, -1, 0x8000); T(fanotify_mark, -1, 0, 0, AT_FDCWD, "d");
    T(userfaultfd, FLAGS); T(memfd_secret, FLAGS); T(io_uring_setup, 0, BAD); T(landlock_create_ruleset, 0L, 0L, FLAGS); T(modify_ldt, 99, 0L, 0L); T(ioperm, 70000L, 1L, 1); T(iopl, 9); T(lookup_dcookie, 0L, BAD, 0L);
    T(prctl, 9999, 0L, 0L, 0L, 0L); T(prctl, PR_SET_DUMPABLE, 9L, 0L, 0L, 0L); T(prctl, PR_SET_MM, 999L, 0L, 0L, 0L); T(prctl, PR_SET_SECCOMP, 99L, 0L, 0L, 0L); T(prctl, PR_SET_SECCOMP, 2L, BAD, 0L, 0L); T(prctl, 62, 99L, 0L, 0L, 0L); T(prctl, 62, 1L, -1L, 0L, 0L);
    T(prctl, PR_CAPBSET_DROP, 999L, 0L, 0L, 0L); T(prctl, PR_SET_NO_NEW_PRIVS, 2L, 0L, 0L, 0L);
    T(seccomp, 99, 0, 0L); T(seccomp, 1, FLAGS, bytes); T(seccomp, 1, 0, BAD); T(seccomp, 0, 1, 0L); T(seccomp, 1, FLAGS, BAD); T(seccomp, 1, 8 | FLAGS, BAD); T(seccomp, 1, 8, BAD); T(seccomp, 1, 9, BAD); T(seccomp, 2, 0, BAD);
    T(setresuid, -1, -1, -1); T(setgroups, -1, BAD); T(setgroups, 1, BAD); T(capset, BAD, BAD); T(setuid, -1);
    if (user) {
        T(settimeofday, &(struct timeval){ 1, 1 }, 0L); T(clock_settime, 0, &(struct timespec){ 1, 1 }); T(sethostname, "x", 1); T(setdomainname, "x", 1); T(reboot, 0xfee1dead, 672274793, 0x89abcdef, 0L); T(init_module, bytes, 1L, ""); T(kexec_load, 0L, 0L, 0L, 0L);
        timex.modes = 1;
        T(adjtimex, &timex); T(clock_adjtime, 0, &timex); T(setuid, 0); T(setgroups, 0, 0L);
    }
}

static void paths(void)
{
    struct open_how strange = { .flags = O_RDONLY, .resolve = 0x1000 }, wide = { .flags = O_CREAT | O_WRONLY, .mode = 0100000 };
    T(mknod, "b", S_IFBLK | 0644, 0); T(mknod, "nodir/x", S_IFCHR | 0644, 0x102); T(mknod, "f/x", S_IFCHR | 0644, 0x102); T(mknod, "f", S_IFCHR | 0644, 0x102); T(mknod, "d", S_IFBLK | 0644, 0x102); T(mknod, "new/", S_IFCHR | 0644, 0x102); T(mknod, BAD, S_IFCHR | 0644, 0x102);
    unlink("b");
    T(mknod, "", S_IFCHR | 0644, 0x102); T(mknod, "x", 0x3000, 0x102); T(mknod, "x", S_IFDIR, 0); T(mknod, "dangling", S_IFCHR | 0644, 0x102); T(mknodat, -1, "x", S_IFCHR | 0644, 0x102); T(mknodat, file, "x", S_IFCHR | 0644, 0x102); T(mknodat, CLOSED, "x", S_IFDIR, 0x102);
    T(mknodat, AT_FDCWD, "f/", S_IFCHR | 0644, 0x102);
    T(open, BAD, O_RDWR); T(open, "nothing", O_RDWR); T(open, "d", O_RDWR); T(openat, -1, "x", O_RDWR | O_CREAT, 0600); T(openat, file, "x", O_RDWR | O_CREAT, 0600); T(openat2, AT_FDCWD, "f", &strange, sizeof strange); T(openat2, AT_FDCWD, "f", &wide, sizeof wide);
    T(openat2, AT_FDCWD, "f", BAD, sizeof wide); T(openat2, AT_FDCWD, "f", &wide, 8L); T(openat2, AT_FDCWD, "f", &wide, 1L << 20); T(creat, BAD, 0); T(creat, "d", 0600); T(open, "f", O_RDWR | O_DIRECTORY); T(open, "f", O_RDWR | O_CREAT | O_EXCL, 0);
    T(execve, BAD, argv_, environ); T(execve, "nothing", argv_, environ); T(execve, "d", argv_, environ); T(execve, "f", argv_, environ); T(execve, "f/x", argv_, environ); T(execve, "", argv_, environ); T(execve, "/bin/true", BAD, environ); T(execve, "/bin/true", argv_, BAD);
    T(execve, "nothing", BAD, environ); T(execveat, AT_FDCWD, "link", argv_, environ, AT_SYMLINK_NOFOLLOW); T(execveat, AT_FDCWD, "dangling", argv_, environ, AT_SYMLINK_NOFOLLOW); T(execveat, AT_FDCWD, "dangling", argv_, environ, 0); T(execveat, AT_FDCWD, "rel", argv_, environ, AT_SYMLINK_NOFOLLOW);
    T(execveat, AT_FDCWD, "rel", argv_, environ, 0); T(execveat, file, "", argv_, environ, AT_EMPTY_PATH); T(execveat, file, "x", argv_, environ, 0); T(execveat, AT_FDCWD, "d", argv_, environ, 0); T(execveat, -1, "", argv_, environ, AT_EMPTY_PATH);
    T(execveat, AT_FDCWD, "", argv_, environ, AT_EMPTY_PATH); T(execveat, AT_FDCWD, "", argv_, environ, 0); T(execveat, AT_FDCWD, "link/", argv_, environ, AT_SYMLINK_NOFOLLOW); T(execveat, AT_FDCWD, "link", argv_, environ, -1); T(execveat, AT_FDCWD, "nothing", argv_, environ, FLAGS);
    T(execveat, AT_FDCWD, "link", BAD, environ, 0); T(execveat, -1, "x", argv_, environ, 0); T(execveat, AT_FDCWD, BAD, argv_, environ, FLAGS); T(execveat, AT_FDCWD, "f/x", argv_, environ, AT_SYMLINK_NOFOLLOW); T(execveat, dir, "", argv_, environ, AT_EMPTY_PATH);
    T(mq_open, BAD, O_CREAT | O_RDWR, 0600, 0L); T(mq_open, "", O_CREAT | O_RDWR, 0600, 0L); T(mq_open, "a/b", O_CREAT | O_RDWR, 0600, 0L); T(mq_open, "..", O_RDWR, 0, 0L); T(mq_open, "catbox-no-such-queue", O_RDWR, 0, 0L); T(mq_open, "catbox-no-such-queue", O_RDONLY, 0, 0L);
    T(mq_open, "catbox-no-such-queue", O_CREAT | O_RDWR, 0600, BAD); T(mq_unlink, BAD); T(mq_unlink, ""); T(mq_unlink, "a/b"); T(mq_unlink, "catbox-no-such-queue"); T(mq_open, "catbox-no-such-queue", 3, 0, 0L);
    T(ftruncate, -1, 0L); T(ftruncate, CLOSED, -1L); T(fchmod, CLOSED, 0600); T(fchown, -1, -1, -1); T(fsetxattr, CLOSED, "user.a", "x", 1L, 0); T(fsetxattr, file, "user.a", "x", 1L, FLAGS); T(fremovexattr, CLOSED, "user.a"); T(fchmod, AT_FDCWD, 0600);
    T(access, "nothing", W_OK); T(access, "f", 99); T(access, "f/x", W_OK); T(access, BAD, W_OK); T(access, "", W_OK); T(faccessat2, AT_FDCWD, "f", W_OK, FLAGS); T(faccessat2, -1, "f", W_OK, 0); T(faccessat, CLOSED, "x", W_OK); T(access, "dangling", W_OK); T(access, "/nonexistent/x", W_OK);
    T(access, "/", 99); T(faccessat2, AT_FDCWD, "/", W_OK, FLAGS);
}

int main(void)
{
    int user = geteuid() != 0, hold[2];
    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    signal(SIGURG, SIG_IGN);
    CHECK(mkdir("d", 0755) == 0 && symlink("/bin/true", "link") == 0 && symlink("absent", "dangling") == 0 && symlink("d/e", "rel") == 0);
    CHECK((file = open("f", O_CREAT | O_RDWR, 0644)) >= 0 && (dir = open("d", O_DIRECTORY)) >= 0 && close(open("d/e", O_CREAT | O_WRONLY, 0644)) == 0);
    CHECK((self = open("/proc/self", O_DIRECTORY)) >= 0 && (task = open("/proc/self/task", O_DIRECTORY)) >= 0);
    CHECK(pipe(ends) == 0 && pipe(hold) == 0 && (unx = socket(AF_UNIX, SOCK_STREAM, 0)) >= 0);
    CHECK((tcp = socket(AF_INET, SOCK_STREAM, 0)) >= 0 && (udp = socket(AF_INET, SOCK_DGRAM, 0)) >= 0);
    fflush(stdout);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        close(hold[1]);
        wait_byte(hold[0]);
        _exit(0);
    }
    signals();
    processes();
    owners();
    sockets();
    trees(user);
    machine(user);
    paths();
    fflush(stdout);
    close(hold[1]);
    exits_with(child, 0);
    return 0;
}
