/* ignored_signals [NAME]: calls that wait, each while a signal comes that nobody handles (SIG_IGN, or a default action of doing nothing). Outside such a signal is thrown away when
 * it is sent (sig_ignored, kernel/signal.c), and no call can tell that it came. For a traced task the kernel keeps it, and wakes the task.
 *
 * The caller is a process of its own. The first one waits until it sleeps in its call, sends the signal, waits until that is dealt with and the caller sleeps again, then does what
 * the call waits for. One line for each call and signal: its result and errno, and what else there is to tell. NAME: that one call alone. */
#include "guest.h"
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <termios.h>

enum { SIZE = 1 << 20 };

/* What caller and first process share. */
static struct shared {
    long result;
    int error;
    long more;
    int ready;
    int word;
} *now;

static char big[SIZE];
static int ends[2], set, queue, sems, others[2];

static void handler(int signal) { (void)signal; }

/* The stream is what was written: a part that came twice or not at all shows. */
static void fill(void)
{
    for (int i = 0; i < SIZE; i++)
        big[i] = (char)(i * 7 + (i >> 8) * 13 + (i >> 16));
}

static long sum_of(const char *bytes, long count)
{
    unsigned long sum = 5381;
    for (long i = 0; i < count; i++)
        sum = sum * 33 + (unsigned char)bytes[i];
    return (long)(sum & 0xffffff);
}

/* Both ends are there before the fork; each side closes the one that is not its own. */
static void pipe_pair(void) { CHECK(pipe2(ends, O_CLOEXEC) == 0); }
static void stream_pair(void) { CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0); }
static void tcp_pair(void)
{
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(listener >= 0 && listen(listener, 1) == 0 && getsockname(listener, (void *)&name, &length) == 0);
    CHECK((ends[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) >= 0);
    CHECK(connect(ends[1], (void *)&name, length) == 0);
    CHECK((ends[0] = accept(listener, NULL, NULL)) >= 0);
    close(listener);
}

static void terminal_pair(void)
{
    struct termios modes;
    CHECK((ends[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) >= 0 && grantpt(ends[0]) == 0 && unlockpt(ends[0]) == 0);
    CHECK((ends[1] = open(ptsname(ends[0]), O_RDWR | O_NOCTTY | O_CLOEXEC)) >= 0 && tcgetattr(ends[1], &modes) == 0);
    cfmakeraw(&modes);
    CHECK(tcsetattr(ends[1], TCSANOW, &modes) == 0);
}

static void drain(void)
{
    static char got[SIZE];
    long count = 0;
    close(ends[1]);
    for (ssize_t n; count < SIZE && (n = read(ends[0], got + count, (size_t)(SIZE - count))) > 0;)
        count += n;
    now->more = sum_of(got, count);
}

static long call_write(void) { close(ends[0]); return write(ends[1], big, SIZE); }
static long call_send(void) { close(ends[0]); return send(ends[1], big, SIZE, 0); }
static long call_send_nosignal(void) { close(ends[0]); return send(ends[1], big, SIZE, MSG_NOSIGNAL); }

/* The reader goes away when a part is written: that part is the result, and only a pipe sends SIGPIPE then. */
static void hang_up(void) { close(ends[1]); close(ends[0]); }
static long call_write_then_pipe(void)
{
    signal(SIGPIPE, SIG_IGN);
    return call_write();
}

static void recv_prepare(void) { stream_pair(); CHECK(write(ends[1], "abcd", 4) == 4); }
static void recv_prepare_tcp(void) { tcp_pair(); CHECK(write(ends[1], "abcd", 4) == 4); }
static long call_recv_all(void) { close(ends[1]); long n = recv(ends[0], big, 8, MSG_WAITALL); now->more = n > 0 ? sum_of(big, n) : 0; return n; }
static void send_rest(void) { CHECK(write(ends[1], "efgh", 4) == 4); }
static void end_stream(void) { close(ends[0]); close(ends[1]); }

static long call_read(void) { close(ends[1]); return read(ends[0], big, 8); }
static long call_readv(void) { struct iovec v = { big, 8 }; return readv(ends[0], &v, 1); }
static long call_recv(void) { return recv(ends[0], big, 8, 0); }
static long call_recvmsg(void) { struct iovec v = { big, 8 }; struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 }; return recvmsg(ends[0], &m, 0); }
static long call_recvmmsg(void) { struct iovec v = { big, 8 }; struct mmsghdr m = { .msg_hdr = { .msg_iov = &v, .msg_iovlen = 1 } }; return recvmmsg(ends[0], &m, 1, 0, NULL); }
static long call_splice(void) { return splice(ends[0], NULL, others[1], NULL, 8, 0); }
static long call_tee(void) { return tee(ends[0], others[1], 8, 0); }
static void two_pipes(void) { pipe_pair(); CHECK(pipe2(others, O_CLOEXEC) == 0); }
static void say(void) { CHECK(write(ends[1], "12345678", 8) == 8); }

static void pollable(void)
{
    pipe_pair();
    struct epoll_event event = { .events = EPOLLIN };
    CHECK((set = epoll_create1(EPOLL_CLOEXEC)) >= 0 && epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event) == 0);
}
static long call_epoll_wait(void) { struct epoll_event e; return epoll_wait(set, &e, 1, -1); }
static long call_epoll_wait_limited(void) { struct epoll_event e; return epoll_wait(set, &e, 1, 60000); }
static long call_epoll_pwait(void) { struct epoll_event e; sigset_t s; sigemptyset(&s); sigaddset(&s, SIGUSR2); return epoll_pwait(set, &e, 1, -1, &s); }
static long call_epoll_pwait2(void) { struct epoll_event e; return syscall(SYS_epoll_pwait2, set, &e, 1, NULL, NULL, 8); }
static long call_epoll_pwait2_limited(void) { struct epoll_event e; struct timespec t = { 60, 0 }; return syscall(SYS_epoll_pwait2, set, &e, 1, &t, NULL, 8); }
static long call_poll(void) { struct pollfd p = { ends[0], POLLIN, 0 }; return poll(&p, 1, -1); }
static long call_poll_limited(void) { struct pollfd p = { ends[0], POLLIN, 0 }; return poll(&p, 1, 60000); }
static long call_ppoll_limited(void) { struct pollfd p = { ends[0], POLLIN, 0 }; struct timespec t = { 60, 0 }; return ppoll(&p, 1, &t, NULL); }
/* The kernel cannot write what is left of the time, and does not restart the call by itself then. */
static const struct timespec shut_time = { 60, 0 };
static long call_ppoll_shut(void) { struct pollfd p = { ends[0], POLLIN, 0 }; return syscall(SYS_ppoll, &p, 1, &shut_time, NULL, 8); }
static const struct timeval shut_val = { 60, 0 };
static long call_select_shut(void) { fd_set s; FD_ZERO(&s); FD_SET(ends[0], &s); return syscall(SYS_select, ends[0] + 1, &s, NULL, NULL, &shut_val); }
static long call_select(void) { fd_set s; FD_ZERO(&s); FD_SET(ends[0], &s); return select(ends[0] + 1, &s, NULL, NULL, NULL); }
static long call_pselect(void) { fd_set s; struct timespec t = { 60, 0 }; FD_ZERO(&s); FD_SET(ends[0], &s); return pselect(ends[0] + 1, &s, NULL, NULL, &t, NULL); }

static void semaphore(void) { CHECK((sems = semget(IPC_PRIVATE, 1, 0600)) >= 0); }
static long call_semop(void) { struct sembuf b = { 0, -1, 0 }; return semop(sems, &b, 1); }
static long call_semtimedop(void) { struct sembuf b = { 0, -1, 0 }; struct timespec t = { 60, 0 }; return semtimedop(sems, &b, 1, &t); }
static void raise_semaphore(void) { struct sembuf b = { 0, 1, 0 }; CHECK(semop(sems, &b, 1) == 0); }
static void remove_semaphore(void) { CHECK(semctl(sems, 0, IPC_RMID) == 0); }

static void messages(void) { CHECK((queue = msgget(IPC_PRIVATE, 0600)) >= 0); }
static long call_msgrcv(void) { struct { long t; char b[8]; } m; return msgrcv(queue, &m, 8, 0, 0); }
static void send_message(void) { struct { long t; char b[8]; } m = { 1, "hello" }; CHECK(msgsnd(queue, &m, 8, 0) == 0); }
static void remove_queue(void) { CHECK(msgctl(queue, IPC_RMID, NULL) == 0); }

static void nothing(void) {}
static pid_t caller;
static void wait_set(sigset_t *s) { sigemptyset(s); sigaddset(s, SIGUSR2); sigprocmask(SIG_BLOCK, s, NULL); now->ready = 2; }
static long call_sigwaitinfo(void) { sigset_t s; wait_set(&s); return sigwaitinfo(&s, NULL); }
static long call_sigtimedwait(void) { sigset_t s; struct timespec t = { 60, 0 }; wait_set(&s); return sigtimedwait(&s, NULL, &t); }
static long call_pause(void) { signal(SIGUSR2, handler); return pause(); }
static long call_sigsuspend(void) { sigset_t s; signal(SIGUSR2, handler); sigemptyset(&s); return sigsuspend(&s); }
/* A handler ends the call that an ignored signal did not. */
static long call_epoll_wait_handled(void) { signal(SIGUSR2, handler); return call_epoll_wait(); }
static long call_epoll_limited_handled(void) { signal(SIGUSR2, handler); return call_epoll_wait_limited(); }
static long call_semop_handled(void) { struct sigaction a = { .sa_handler = handler, .sa_flags = SA_RESTART }; sigaction(SIGUSR2, &a, NULL); return call_semop(); }
static long call_write_handled(void) { signal(SIGUSR2, handler); return call_write(); }
/* A stop ends some calls, also where nobody handles SIGCONT (signal(7)). */
static void stop_and_go(void)
{
    int status;
    CHECK(kill(caller, SIGSTOP) == 0 && waitpid(caller, &status, WUNTRACED) == caller && WIFSTOPPED(status));
    CHECK(kill(caller, SIGCONT) == 0);
}
static void stop_and_say(void) { stop_and_go(); say(); }
static void *in_thread(void *unused) { (void)unused; now->result = call_epoll_wait(); return NULL; }
static long call_in_thread(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, in_thread, NULL) == 0 && pthread_join(thread, NULL) == 0);
    return now->result;
}
static void send_usr2(void) { CHECK(kill(caller, SIGUSR2) == 0); }
static long call_nanosleep(void)
{
    struct timespec t = { 0, 200 * 1000 * 1000 }, start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    long result = nanosleep(&t, NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    now->more = (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000 >= 200;
    return result;
}

static long call_futex(void) { return syscall(SYS_futex, &now->word, FUTEX_WAIT, 0, NULL, NULL, 0); }
static void wake(void) { now->word = 1; syscall(SYS_futex, &now->word, FUTEX_WAKE, 1, NULL, NULL, 0); }
/* A value that has changed is EAGAIN to a call that is made again and 0 to one that is woken: futex(2) lets both be. */
static long call_futex_any(void) { long r = call_futex(); errno = 0; return r < 0 ? 0 : r; }

static void lock(void) { CHECK((ends[0] = open("lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600)) >= 0 && flock(ends[0], LOCK_EX) == 0); }
static long call_flock(void) { int fd = open("lock", O_RDWR | O_CLOEXEC); CHECK(fd >= 0); close(ends[0]); return flock(fd, LOCK_EX); }
static long call_setlkw(void) { struct flock l = { .l_type = F_WRLCK }; int fd = open("lock", O_RDWR | O_CLOEXEC); CHECK(fd >= 0); return fcntl(fd, F_SETLKW, &l); }
static void posix_lock(void) { struct flock l = { .l_type = F_WRLCK }; CHECK((ends[0] = open("lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600)) >= 0 && fcntl(ends[0], F_SETLK, &l) == 0); }
static void unlock(void) { close(ends[0]); }

static void fifo(void) { unlink("fifo"); CHECK(mkfifo("fifo", 0600) == 0); }
static long call_open_fifo(void) { return open("fifo", O_WRONLY | O_CLOEXEC) >= 0 ? 0 : -1; }
static void open_fifo(void) { CHECK(open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC) >= 0); }

static long call_wait(void) { int status; pid_t child = now->word; return waitpid(child, &status, 0) == child ? WEXITSTATUS(status) : -1; }
static long call_wait_prepared(void)
{
    close(ends[1]);
    pid_t child = fork();
    if (child == 0) {
        wait_byte(ends[0]);
        _exit(7);
    }
    now->word = child;
    now->ready = 2;
    return call_wait();
}

static void listener(void)
{
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    CHECK((ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) >= 0 && listen(ends[0], 1) == 0);
    CHECK(getsockname(ends[0], (void *)&name, &length) == 0);
    CHECK((ends[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) >= 0);
}
static long call_accept(void) { return accept(ends[0], NULL, NULL) >= 0 ? 0 : -1; }
static void connect_to(void) { struct sockaddr_storage name; socklen_t length = sizeof name; CHECK(getsockname(ends[0], (void *)&name, &length) == 0 && connect(ends[1], (void *)&name, length) == 0); }

static aio_context_t context;
static void aio(void)
{
    context = 0;
    pipe_pair();
}
static long call_io_getevents(void)
{
    struct io_event event;
    struct iocb block = { .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = (unsigned)ends[0], .aio_buf = POLLIN }, *blocks = &block;
    CHECK(syscall(SYS_io_setup, 1, &context) == 0 && syscall(SYS_io_submit, context, 1, &blocks) == 1);
    now->ready = 2;
    return syscall(SYS_io_getevents, context, 1, 1, &event, NULL);
}

/* Those that set ready to 2 say themselves when nothing but the call is left. */
static const struct row {
    const char *name;
    void (*prepare)(void);
    long (*call)(void);
    void (*complete)(void);
    void (*end)(void);
    int says_ready;
} rows[] = {
    { "write pipe", pipe_pair, call_write, drain, nothing, 0 },
    { "write unix", stream_pair, call_write, drain, nothing, 0 },
    { "write terminal", terminal_pair, call_write, drain, nothing, 0 },
    { "send unix", stream_pair, call_send, drain, nothing, 0 },
    { "send nosignal", stream_pair, call_send_nosignal, drain, nothing, 0 },
    { "write pipe, hung up", pipe_pair, call_write_then_pipe, hang_up, nothing, 0 },
    { "write unix, hung up", stream_pair, call_write, hang_up, nothing, 0 },
    { "write pipe, handled", pipe_pair, call_write_handled, send_usr2, end_stream, 0 },
    { "write pipe, stopped", pipe_pair, call_write, stop_and_go, end_stream, 0 },
    { "read, stopped", pipe_pair, call_read, stop_and_say, end_stream, 0 },
    { "recv MSG_WAITALL", recv_prepare, call_recv_all, send_rest, end_stream, 0 },
    { "recv MSG_WAITALL, ended", recv_prepare, call_recv_all, end_stream, nothing, 0 },
    { "recv MSG_WAITALL tcp", recv_prepare_tcp, call_recv_all, send_rest, end_stream, 0 },
    { "read", pipe_pair, call_read, say, end_stream, 0 },
    { "readv", pipe_pair, call_readv, say, end_stream, 0 },
    { "recv", stream_pair, call_recv, say, end_stream, 0 },
    { "recvmsg", stream_pair, call_recvmsg, say, end_stream, 0 },
    { "recvmmsg", stream_pair, call_recvmmsg, say, end_stream, 0 },
    { "splice", two_pipes, call_splice, say, end_stream, 0 },
    { "tee", two_pipes, call_tee, say, end_stream, 0 },
    { "epoll_wait", pollable, call_epoll_wait, say, end_stream, 0 },
    { "epoll_wait limited", pollable, call_epoll_wait_limited, say, end_stream, 0 },
    { "epoll_pwait", pollable, call_epoll_pwait, say, end_stream, 0 },
    { "epoll_pwait2", pollable, call_epoll_pwait2, say, end_stream, 0 },
    { "epoll_pwait2 limited", pollable, call_epoll_pwait2_limited, say, end_stream, 0 },
    { "epoll_wait, handled", pollable, call_epoll_wait_handled, send_usr2, end_stream, 0 },
    { "epoll_wait limited, handled", pollable, call_epoll_limited_handled, send_usr2, end_stream, 0 },
    { "epoll_wait, stopped", pollable, call_epoll_wait, stop_and_go, end_stream, 0 },
    { "epoll_wait limited, stopped", pollable, call_epoll_wait_limited, stop_and_go, end_stream, 0 },
    { "epoll_wait in a thread", pollable, call_in_thread, say, end_stream, 0 },
    { "poll", pollable, call_poll, say, end_stream, 0 },
    { "poll limited", pollable, call_poll_limited, say, end_stream, 0 },
    { "ppoll limited", pollable, call_ppoll_limited, say, end_stream, 0 },
    { "ppoll read-only", pollable, call_ppoll_shut, say, end_stream, 0 },
    { "select", pollable, call_select, say, end_stream, 0 },
    { "select read-only", pollable, call_select_shut, say, end_stream, 0 },
    { "pselect", pollable, call_pselect, say, end_stream, 0 },
    { "semop", semaphore, call_semop, raise_semaphore, remove_semaphore, 0 },
    { "semtimedop", semaphore, call_semtimedop, raise_semaphore, remove_semaphore, 0 },
    { "semop, handled", semaphore, call_semop_handled, send_usr2, remove_semaphore, 0 },
    { "semop, stopped", semaphore, call_semop, stop_and_go, remove_semaphore, 0 },
    { "msgrcv", messages, call_msgrcv, send_message, remove_queue, 0 },
    { "sigwaitinfo", nothing, call_sigwaitinfo, send_usr2, nothing, 1 },
    { "sigtimedwait", nothing, call_sigtimedwait, send_usr2, nothing, 1 },
    { "pause", nothing, call_pause, send_usr2, nothing, 0 },
    { "sigsuspend", nothing, call_sigsuspend, send_usr2, nothing, 0 },
    { "nanosleep", nothing, call_nanosleep, nothing, nothing, 0 },
    { "futex", nothing, call_futex_any, wake, nothing, 0 },
    { "flock", lock, call_flock, unlock, nothing, 0 },
    { "F_SETLKW", posix_lock, call_setlkw, unlock, nothing, 0 },
    { "open FIFO", fifo, call_open_fifo, open_fifo, nothing, 0 },
    { "waitpid", pipe_pair, call_wait_prepared, say, end_stream, 1 },
    { "accept", listener, call_accept, connect_to, end_stream, 0 },
    { "io_getevents", aio, call_io_getevents, say, end_stream, 1 },
};

static const struct { const char *name; int number; void (*action)(int); } signals[] = {
    { "SIGUSR1 ignored", SIGUSR1, SIG_IGN }, { "SIGTTOU ignored", SIGTTOU, SIG_IGN }, { "SIGCHLD", SIGCHLD, SIG_DFL },
    { "SIGWINCH", SIGWINCH, SIG_DFL }, { "SIGURG", SIGURG, SIG_DFL }, { "SIGCONT", SIGCONT, SIG_DFL },
};

static void pause_shortly(void)
{
    struct timespec t = { 0, 1000 * 1000 };
    nanosleep(&t, NULL);
}

/* Whether it sleeps with no signal to come; its status is one reading, so that both were so at once. */
static int sleeps(void)
{
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/status", caller);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0);
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    CHECK(n > 0);
    text[n] = 0;
    char *state = strstr(text, "\nState:\t"), *own = strstr(text, "\nSigPnd:\t"), *all = strstr(text, "\nShdPnd:\t");
    CHECK(state && own && all);
    return state[8] == 'Z' || (state[8] == 'S' && strtoull(own + 9, NULL, 16) == 0 && strtoull(all + 9, NULL, 16) == 0);
}

static void wait_until_it_sleeps(void)
{
    while (!sleeps())
        pause_shortly();
}

int main(int argc, char **argv)
{
    now = mmap(NULL, sizeof *now, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(now != MAP_FAILED);
    fill();
    for (size_t s = 0; s < sizeof signals / sizeof *signals; s++) {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            if (argc > 1 && strcmp(argv[1], rows[i].name) != 0)
                continue;
            memset(now, 0, sizeof *now);
            rows[i].prepare();
            caller = fork();
            CHECK(caller >= 0);
            if (caller == 0) {
                signal(signals[s].number, signals[s].action);
                if (!rows[i].says_ready)
                    now->ready = 2;
                errno = 0;
                now->result = rows[i].call();
                now->error = errno;
                _exit(0);
            }
            while (__atomic_load_n(&now->ready, __ATOMIC_SEQ_CST) != 2)
                pause_shortly();
            wait_until_it_sleeps();
            CHECK(kill(caller, signals[s].number) == 0);
            wait_until_it_sleeps();
            rows[i].complete();
            exits_with(caller, 0);
            rows[i].end();
            for (int fd = 3; fd < 20; fd++)
                close(fd);
            printf("%s, %s: %ld %s %lx\n", rows[i].name, signals[s].name, now->result, now->error ? strerror(now->error) : "-", now->more);
            fflush(stdout);
        }
    }
    return 0;
}
