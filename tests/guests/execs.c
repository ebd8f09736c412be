/* execs PROGRAM ARG...: execve keeps the tracer and the policy: what runs after it is as confined as what ran before. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc > 1);
    execv(argv[1], argv + 1);
    return errno == EACCES ? 126 : 127;
}
