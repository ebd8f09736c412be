/* fork_storm COUNT: short processes, one after the other, more than a small table of them could hold. Each exits with its own code. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    for (int i = 0; i < atoi(argv[1]); i++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0)
            _exit(i & 63);
        exits_with(child, i & 63);
    }
    return 0;
}
