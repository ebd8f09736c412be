/* spawn_writes PROGRAM ARG...: posix_spawn is CLONE_VM|CLONE_VFORK and an execve in the child's borrowed memory. */
#include "guest.h"
#include <spawn.h>

extern char **environ;

int main(int argc, char **argv)
{
    pid_t child;
    CHECK(argc > 1);
    CHECK(posix_spawn(&child, argv[1], NULL, NULL, argv + 1, environ) == 0);
    exits_with(child, 0);
    CHECK(posix_spawn(&child, "/nonexistent", NULL, NULL, argv + 1, environ) == ENOENT);
    return 0;
}
