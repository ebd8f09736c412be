/* exec_from_thread PROGRAM PATH: execve by a thread that is not the leader: the kernel ends all others and gives the caller the
 * leader's number (ptrace(2), "execve(2) under ptrace"); the others vanish without an ordinary exit. */
#include "guest.h"

static char **arguments;
static int ready[2];

static void *sleeps(void *argument)
{
    send_byte(ready[1]);
    for (;;)
        pause();
    return argument;
}

static void *execs(void *argument)
{
    char pid[16];
    snprintf(pid, sizeof pid, "%d", getpid());
    CHECK(gettid() != getpid());
    execl(arguments[1], arguments[1], pid, arguments[2], (char *)NULL);
    CHECK(!"execve came back");
    return argument;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    CHECK(argc == 3 && pipe2(ready, O_CLOEXEC) == 0);
    arguments = argv;
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&thread, NULL, sleeps, NULL) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(wait_byte(ready[0]));
    CHECK(pthread_create(&thread, NULL, execs, NULL) == 0);
    for (;;)
        pause();
}
