/* Two tasks that compute want two CPUs. Their maker stops so often that the engine has it on the tracer's CPU, where its children start; they must not
 * have to stay there together. They print their pids and compute until the input ends. */
#include "guest.h"
#include <sys/prctl.h>

int main(void)
{
    char byte;
    for (int i = 0; i < 2000; i++)
        refused("/usr/share/catbox-is-refused");
    for (int i = 0; i < 2; i++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (;;)
                __asm__ volatile("" ::: "memory");
        }
        printf("%d\n", child);
    }
    fflush(stdout);
    while (read(0, &byte, 1) > 0)
        ;
    kill(0, SIGKILL);
    return 0;
}
