/* proc_self_cwd DIR: /proc/self is the process that asks. A tracer that resolves it in its own context judges its own directory. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK(write_errno("/proc/self/cwd/mine") == 0);
    CHECK(write_errno("/proc/thread-self/cwd/mine") == 0);
    CHECK(chdir(argv[1]) == 0);
    refused("/proc/self/cwd/theirs");
    return 0;
}
