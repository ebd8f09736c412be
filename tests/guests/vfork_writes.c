/* vfork_writes PATH: the parent of a vfork sleeps in the kernel until the child is gone or has executed; a tracer that waits for the
 * parent to say something first hangs here. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    volatile int seen = 0;
    pid_t child = vfork();
    CHECK(child >= 0);
    if (child == 0) {
        refused(argv[1]);
        seen = 1;
        _exit(7);
    }
    CHECK(seen == 1);
    exits_with(child, 7);
    return 0;
}
