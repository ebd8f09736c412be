/* A call that somebody else is asked about, and a signal that comes meanwhile: its handler runs before the answer is there.
 * argv: handled, or fatal, where the signal keeps its default action. Whoever runs this sends the signal. */
#include "guest.h"

static void handler(int signal)
{
    (void)signal;
    CHECK(write(1, "got\n", 4) == 4);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "handled") == 0)
        CHECK(sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = handler }, NULL) == 0);
    CHECK(open("asked", O_WRONLY | O_CREAT | O_CLOEXEC, 0644) >= 0 && write(1, "opened\n", 7) == 7);
    return 0;
}
