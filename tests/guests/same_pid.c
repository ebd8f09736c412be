/* same_pid PID PATH: what a thread that called execve becomes: the leader, under the process's number. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    CHECK(getpid() == atoi(argv[1]));
    CHECK(gettid() == getpid());
    refused(argv[2]);
    return 0;
}
