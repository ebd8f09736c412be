/* The first process stops itself; it stays stopped until somebody sends SIGCONT, and then exits with 4. */
#include "guest.h"

int main(void)
{
    dprintf(1, "stopping\n");
    CHECK(raise(SIGSTOP) == 0);
    return 4;
}
