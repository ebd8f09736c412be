/* Real-time signals queue: none is lost, they come in order, and their siginfo (value, sender, code) is the sender's. */
#include "guest.h"

int main(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 3);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    pid_t parent = getpid(), child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        for (int i = 0; i < 50; i++)
            CHECK(sigqueue(parent, SIGRTMIN + 3, (union sigval){ .sival_ptr = (void *)(uintptr_t)(0x123456789000 + i) }) == 0);
        _exit(0);
    }
    exits_with(child, 0);
    for (int i = 0; i < 50; i++) {
        siginfo_t info;
        CHECK(sigwaitinfo(&set, &info) == SIGRTMIN + 3);
        CHECK((uintptr_t)info.si_value.sival_ptr == 0x123456789000 + (uintptr_t)i);
        CHECK(info.si_pid == child && info.si_code == SI_QUEUE && info.si_uid == getuid());
    }
    return 0;
}
