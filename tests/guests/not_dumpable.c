/* not_dumpable PATH: PR_SET_DUMPABLE 0 would blind a tracer that is not root (/proc/PID/mem, /proc/PID/cwd). It is answered with success
 * and not done; what follows is judged by its right path. */
#include "guest.h"
#include <sys/prctl.h>

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
    refused(argv[1]);
    CHECK(write_errno("mine") == 0);
    return 0;
}
