/* fork_tree PATH: a tree of 1,093 processes, six generations deep, three children each; every process makes eight refused writes
 * and the first one two more: 8,746. A lost or doubled stop shows in the sum. */
#include "guest.h"

static void grow(const char *path, int depth)
{
    pid_t children[3];
    for (int i = 0; i < 3 && depth > 0; i++) {
        children[i] = fork();
        CHECK(children[i] >= 0);
        if (children[i] == 0) {
            grow(path, depth - 1);
            _exit(0);
        }
    }
    for (int i = 0; i < 8; i++)
        refused(path);
    for (int i = 0; i < 3 && depth > 0; i++)
        exits_with(children[i], 0);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    grow(argv[1], 6);
    refused(argv[1]);
    refused(argv[1]);
    return 0;
}
