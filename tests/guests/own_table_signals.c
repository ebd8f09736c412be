/* own_table_signals HOW PID: a thread with a descriptor table of its own (own_table.h) signals by a pidfd of its own, which is of PID, while its leader has a child's under that number; and then
 * the other way about, which ends the child. Says the errno of the first. */
#include "own_table.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#define SYS_pidfd_send_signal 424
#endif

static int childs, others, result;

static int signals(void)
{
    return syscall(SYS_pidfd_send_signal, 10, SIGTERM, NULL, 0) == 0 ? 0 : errno;
}

static void work(void)
{
    CHECK(dup2(others, 10) == 10);
    result = signals();
    turn_of_leader();

    CHECK(dup2(childs, 10) == 10);
    CHECK(signals() == 0);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    childs = (int)syscall(SYS_pidfd_open, child, 0);
    others = (int)syscall(SYS_pidfd_open, atoi(argv[2]), 0);
    CHECK(childs >= 0 && others >= 0);
    start_apart(argv[1], CLONE_FILES, work);
    CHECK(dup2(childs, 10) == 10);
    turn_of_thread();
    CHECK(dup2(others, 10) == 10);
    turn_of_thread();
    int status = status_of(child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    printf("%d\n", result);
    return 0;
}
