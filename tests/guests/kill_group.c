/* kill_group: kill(-group) and kill(0) reach every process of a group that is the guest's own, once each, and kill(-1) reaches nobody outside the
 * session. The tracer makes these calls itself, member by member, so that the count is what can go wrong.
 * kill(-1) is tried with 0 and with SIGURG only, which does nothing to who does not ask for it. */
#include "guest.h"

#define CHILDREN 3

static volatile sig_atomic_t got;

static void count(int signal)
{
    (void)signal;
    got++;
}

/* A child that says that it is there, and exits with how often it was signalled when its input ends. */
static pid_t child(int ready, int end, int other_end)
{
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        close(other_end);
        send_byte(ready);
        CHECK(!wait_byte(end));
        _exit(got);
    }
    return pid;
}

int main(void)
{
    int ready[2], end[2];
    pid_t pids[CHILDREN];
    CHECK(pipe(ready) == 0 && pipe(end) == 0);
    CHECK(setpgid(0, 0) == 0 || getpgrp() == getpid());
    CHECK(getpgrp() == getpid());
    CHECK(sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = count, .sa_flags = SA_RESTART }, NULL) == 0);
    CHECK(sigaction(SIGURG, &(struct sigaction){ .sa_handler = count, .sa_flags = SA_RESTART }, NULL) == 0);
    for (int i = 0; i < CHILDREN; i++)
        pids[i] = child(ready[1], end[0], end[1]);
    for (int i = 0; i < CHILDREN; i++)
        CHECK(wait_byte(ready[0]));

    CHECK(kill(-getpgrp(), SIGUSR1) == 0);
    /* A signal to oneself is there before kill returns. One that is still pending for another would merge with the next: each is let arrive. */
    CHECK(got == 1);
    for (int i = 0; i < CHILDREN; i++) {
        char path[64], line[256];
        for (;;) {
            snprintf(path, sizeof path, "/proc/%d/status", pids[i]);
            FILE *status = fopen(path, "re");
            unsigned long pending = 0;
            CHECK(status);
            while (fgets(line, sizeof line, status))
                sscanf(line, "ShdPnd: %lx", &pending);
            fclose(status);
            if (!(pending & 1UL << (SIGUSR1 - 1)))
                break;
            sched_yield();
        }
    }
    CHECK(kill(0, SIGUSR1) == 0);
    CHECK(got == 2);
    CHECK(kill(-getpgrp(), 0) == 0 && kill(0, 0) == 0);
    CHECK(kill(-1, 0) == 0);
    /* Not to the caller (kill(2)). */
    CHECK(kill(-1, SIGURG) == 0);
    CHECK(got == 2);
    close(end[1]);
    for (int i = 0; i < CHILDREN; i++)
        exits_with(pids[i], 3);
    return 0;
}
