/* A group stop stops every thread of a process, and SIGCONT wakes every one: a counter in shared memory stands still, then goes on. */
#include "guest.h"

struct shared { volatile long turns[2]; };

static void *turn(void *counter)
{
    for (;;)
        ++*(volatile long *)counter;
    return NULL;
}

int main(void)
{
    struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, turn, (void *)&shared->turns[0]) == 0);
        turn((void *)&shared->turns[1]);
    }
    for (int round = 0; round < 3; round++) {
        int status;
        long seen[2] = { shared->turns[0], shared->turns[1] };
        while (shared->turns[0] == seen[0] || shared->turns[1] == seen[1])
            sched_yield();
        CHECK(kill(child, SIGSTOP) == 0);
        CHECK(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
        seen[0] = shared->turns[0], seen[1] = shared->turns[1];
        for (int i = 0; i < 1000; i++)
            sched_yield();
        CHECK(shared->turns[0] == seen[0] && shared->turns[1] == seen[1]);
        CHECK(kill(child, SIGCONT) == 0);
        CHECK(waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status));
    }
    CHECK(kill(child, SIGKILL) == 0);
    int status = status_of(child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return 0;
}
