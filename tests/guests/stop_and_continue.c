/* A group stop is the guest's own affair: its parent sees WIFSTOPPED and WIFCONTINUED as without a tracer (PTRACE_LISTEN). */
#include "guest.h"

int main(void)
{
    static const int stops[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        int status, seen[2];
        CHECK(pipe(seen) == 0);
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            CHECK(setpgid(0, 0) == 0); /* not an orphaned group: those ignore SIGTSTP */
            CHECK(kill(getpid(), stops[i]) == 0);
            CHECK(wait_byte(seen[0])); /* an exit would hide that it was continued */
            _exit(5);
        }
        CHECK(waitpid(child, &status, WUNTRACED) == child);
        CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == stops[i]);
        CHECK(waitpid(child, &status, WNOHANG | WUNTRACED | WCONTINUED) == 0);
        CHECK(kill(child, SIGCONT) == 0);
        CHECK(waitpid(child, &status, WCONTINUED) == child);
        CHECK(WIFCONTINUED(status));
        send_byte(seen[1]);
        exits_with(child, 5);
    }
    return 0;
}
