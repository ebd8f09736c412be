/* orphan_writes PATH: the parent dies right after its fork, at the instant where its event and the child's first stop may come in either
 * order. The child is confined all the same. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    for (int i = 0; i < 50; i++) {
        int done[2];
        CHECK(pipe(done) == 0);
        pid_t maker = fork();
        CHECK(maker >= 0);
        if (maker == 0) {
            if (fork() == 0) {
                refused(argv[1]);
                send_byte(done[1]);
                _exit(0);
            }
            _exit(1);
        }
        exits_with(maker, 1);
        close(done[1]);
        CHECK(wait_byte(done[0]));
        close(done[0]);
    }
    return 0;
}
