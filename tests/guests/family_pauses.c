/* family_pauses: the first process, a child, and a grandchild in a session of its own; each says its number and stays for ever. All of them
 * ignore what can be ignored. */
#include "guest.h"

static void stay(void)
{
    for (int signal = 1; signal <= 31; signal++)
        if (signal != SIGKILL && signal != SIGSTOP)
            CHECK(sigaction(signal, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL) == 0);
    dprintf(1, "%d\n", getpid());
    for (;;)
        pause();
}

int main(void)
{
    if (fork() == 0) {
        if (fork() == 0) {
            setsid();
            stay();
        }
        stay();
    }
    stay();
}
