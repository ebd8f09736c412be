/* daemon_finishes FILE PATH: a daemon goes on after the first process has gone, is still confined, and finishes its work. */
#include "guest.h"

int main(int argc, char **argv)
{
    int gone[2];
    CHECK(argc == 3 && pipe(gone) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(setsid() > 0);
        pid_t daemon = fork();
        CHECK(daemon >= 0);
        if (daemon > 0)
            _exit(0);
        close(gone[1]);
        CHECK(!wait_byte(gone[0])); /* the end of the pipe: the first process is gone */
        refused(argv[2]);
        CHECK(write_errno(argv[1]) == 0);
        _exit(0);
    }
    exits_with(child, 0);
    return 3;
}
