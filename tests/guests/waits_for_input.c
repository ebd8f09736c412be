/* waits_for_input [PATH]: says "ready", waits for the end of its input, makes a refused write where a path is given. */
#include "guest.h"

int main(int argc, char **argv)
{
    dprintf(1, "ready\n");
    while (wait_byte(0)) {
    }
    if (argc > 1)
        refused(argv[1]);
    return 0;
}
