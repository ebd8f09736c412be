/* clone_vm_writes PATH: CLONE_VM without CLONE_THREAD is a process of its own in the same memory; it arrives as a fork event. */
#include "guest.h"

static int shared;

static int child_main(void *path)
{
    refused(path);
    shared = 1;
    return 7;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    pid_t child = clone(child_main, stack_top(), CLONE_VM | SIGCHLD, argv[1]);
    CHECK(child > 0);
    exits_with(child, 7);
    CHECK(shared == 1);
    return 0;
}
